package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Vote;
import java.util.List;
import java.util.Optional;

/** What nodes say to each other about the chain. {@link MessageCodec} gives the bytes and their bounds. */
public sealed interface Message {
    /** A proposal, from its proposer or passed on by a peer. */
    record Proposed(Proposal proposal) implements Message {}

    /** Votes of any validators, own ones or passed on. */
    record Votes(List<Vote> votes) implements Message {
        public Votes {
            votes = List.copyOf(votes);
        }
    }

    /**
     * Where the sender stands and what it holds; whoever has more answers with it.
     *
     * @param epoch the epoch it takes part in, or at least knows
     * @param height the height the sender works on; it claims to hold every block below, which nobody believes
     * @param hasProposal whether it holds a proposal of its round
     * @param missing a block that it knows to have a quorum and whose body it lacks
     * @param held the votes it holds, for its latest rounds
     */
    record Status(
            long epoch,
            long height,
            int round,
            Step step,
            boolean hasProposal,
            Optional<Bytes> missing,
            List<HeldVotes> held)
            implements Message {
        public Status {
            held = List.copyOf(held);
        }
    }

    /**
     * Which votes of a round the sender holds: a bit for each validator by its place in the set, lowest bit of the
     * first byte first.
     */
    record HeldVotes(int round, Bytes prevotes, Bytes precommits) {}

    /** Asks for decided blocks from a height on. */
    record BlockRequest(long from) implements Message {}

    /** Decided blocks of consecutive heights with their certificates. */
    record Blocks(List<CertifiedBlock> blocks) implements Message {
        public Blocks {
            blocks = List.copyOf(blocks);
        }
    }

    /** Batches, spread ahead of any block or answered to a request. */
    record Batches(List<Batch> batches) implements Message {
        public Batches {
            batches = List.copyOf(batches);
        }
    }

    /** Asks for the batches that a proposal names and the sender lacks. */
    record BatchRequest(List<Bytes> digests) implements Message {
        public BatchRequest {
            digests = List.copyOf(digests);
        }
    }

    /** A block of the height in progress that the receiver said it lacks. */
    record Body(Block block) implements Message {}

    /** Statements for a recovery, own ones or passed on. */
    record Statements(List<Statement> statements) implements Message {
        public Statements {
            statements = List.copyOf(statements);
        }
    }

    /** The opening of an epoch, from its leader or passed on. */
    record Opened(Opening opening) implements Message {}

    /**
     * Asks for a snapshot above a block that the sender trusts.
     *
     * @param from the height after that block
     * @param epoch of that block
     * @param named hash of the set that the block names next
     */
    record SnapshotRequest(long from, long epoch, Bytes named) implements Message {}

    /**
     * The way to the block of a snapshot, as far as a message has room.
     *
     * @param height of the block after whose state there is a snapshot
     * @param links in rising heights; empty when there is no snapshot or no way to it
     */
    record SnapshotOffer(long height, List<HeaderLink> links) implements Message {
        public SnapshotOffer {
            links = List.copyOf(links);
        }
    }

    /** Asks for the part of the state after a block that begins with a key. */
    record ChunkRequest(long height, Bytes from) implements Message {}

    /**
     * A part of the state after a block.
     *
     * @param data empty when the sender has it not
     */
    record Chunk(long height, Bytes data) implements Message {}

    /** What validators signed against each other. */
    record Misbehaviour(List<Evidence> evidence) implements Message {
        public Misbehaviour {
            evidence = List.copyOf(evidence);
        }
    }
}
