package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Point;
import io.cloister.ledger.View;
import io.cloister.mpc.sharing.Derivation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers about keys and pool from one version of the state, for interfaces and other modules. */
public final class MpcKeys {
    private final BoardView board;

    /** @param anyModule any module's view of the version to read */
    public MpcKeys(View anyModule) {
        this.board = BoardView.of(anyModule);
    }

    /** X, the root key. */
    public Optional<Point> signingKey() {
        return board.finished(KeyState.SIGNING).map(KeyState.KeyTranscript::publicKey);
    }

    public Optional<Point> beaconKey() {
        return board.finished(KeyState.BEACON).map(KeyState.KeyTranscript::publicKey);
    }

    /** The 20-byte address of the root key. */
    public Optional<Bytes> ethereumAddress() {
        return signingKey().map(EthereumAddress::of);
    }

    /** The key at a derivation path; the root key for the empty one. */
    public Optional<Point> derivedKey(List<Bytes> path) {
        return signingKey().map(root -> Derivation.publicKey(root, path));
    }

    /** Presignatures that can be assigned now. */
    public int poolLevel() {
        return board.available();
    }

    /** Presignatures in batches that are still being made. */
    public int poolInProgress() {
        return board.batches().stream().mapToInt(Batch::left).sum() - poolLevel();
    }

    /** Requests without an answer. */
    public int pendingRequests() {
        return board.pending().size();
    }

    /** A presignature that can be assigned, and the boots that hold it. */
    public record Held(PresignatureId presignature, List<Generation> holders) {}

    public List<Held> presignatures() {
        List<Held> all = new ArrayList<>();
        for (Batch batch : board.batches()) {
            if (batch.stage() == Batch.Stage.AVAILABLE) {
                for (int index = batch.next(); index < batch.width(); index++) {
                    all.add(new Held(new PresignatureId(batch.number(), index), batch.holders()));
                }
            }
        }
        return all;
    }

    /** How many presignatures a slot holds. */
    public long heldBy(int slot) {
        return presignatures().stream()
                .filter(h -> h.holders().stream().anyMatch(g -> g.slot() == slot))
                .count();
    }

    /** An agreed transcript. */
    public record TranscriptHash(String what, Bytes hash) {}

    public List<TranscriptHash> transcripts() {
        List<TranscriptHash> all = new ArrayList<>();
        for (String label : KeyState.LABELS) {
            board.finished(label).ifPresent(t -> all.add(new TranscriptHash("key/" + label, t.hash())));
        }
        for (Batch batch : board.batches()) {
            batch.transcript().ifPresent(hash -> all.add(new TranscriptHash("batch/" + batch.number(), hash)));
        }
        return all;
    }

    /** Everything else that the board knows. */
    public BoardView board() {
        return board;
    }
}
