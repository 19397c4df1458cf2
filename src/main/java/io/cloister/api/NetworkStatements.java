package io.cloister.api;

import io.cloister.attestation.Evidence;
import io.cloister.channel.PeerEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.ReKey;
import io.cloister.ledger.state.StateProof;
import io.cloister.ledger.statement.NetworkProof;
import io.cloister.ledger.statement.SignedStatement;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The network's statement as this node can prove it: its own evidence for the very block, the last accepted evidence of
 * each peer, and what members announced on the ledger. One statement serves everybody for a while, because it costs a
 * report and a verification for each validator.
 */
@ApplicationScoped
public class NetworkStatements {
    private static final Duration KEPT = Duration.ofSeconds(15);
    private static final int TRIES = 20;

    @Inject
    private NodeServices node;

    @Inject
    private OwnEvidence own;

    private final SharedAnswer<String> document = new SharedAnswer<>(KEPT, InstantSource.system());

    /** The document; waits while another call makes it. */
    String json() {
        return document.get(() -> make().toJson());
    }

    private SignedStatement make() {
        Ledger ledger = Ready.require(node, node.ledger());
        Chain chain = Chain.of(node);
        try {
            return SignedStatement.of(proof(ledger, chain), Ready.require(node, node.resultKey()));
        } catch (CodecException e) {
            throw notNow();
        }
    }

    /** A block may become final between proof and header, so a pair that does not fit is asked for again. */
    private NetworkProof proof(Ledger ledger, Chain chain) {
        for (int i = 0; i < TRIES; i++) {
            Optional<CertifiedHeader> certified = chain.header(ledger.height());
            Optional<StateProof> policy = ledger.prove(Members.MODULE, MembershipModule.POLICY);
            if (certified.isPresent()
                    && policy.isPresent()
                    && policy.get().proves(certified.get().header().stateRoot())) {
                Header header = certified.get().header();
                ValidatorSet validators = chain.validators(header.height()).orElseThrow(NetworkStatements::notNow);
                return new NetworkProof(
                        header,
                        certified.get().certificate(),
                        validators,
                        policy.get(),
                        evidence(header, validators, ledger, chain));
            }
        }
        throw notNow();
    }

    private List<Evidence> evidence(Header header, ValidatorSet validators, Ledger ledger, Chain chain) {
        Set<Bytes> deciding =
                validators.validators().stream().map(Validator::nodeId).collect(Collectors.toSet());
        List<Evidence> all = new ArrayList<>();
        all.add(own.forNonce(header.id()));
        List<Evidence> peers = node.peerEvidence().map(PeerEvidence::all).orElse(List.of());
        for (Member member : Members.all(ledger.state())) {
            if (!deciding.contains(member.nodeId())) {
                continue;
            }
            peers.stream()
                    .filter(e -> e.keys().nodeId().equals(member.nodeId()))
                    .findFirst()
                    .or(() -> ordered(member, chain))
                    .ifPresent(all::add);
        }
        return all;
    }

    /** The evidence with which a member's keys came into the ledger; founders' keys stand in the genesis. */
    static Optional<Evidence> ordered(Member member, Chain chain) {
        long height = member.activationHeight();
        if (height == 0) {
            return Optional.empty();
        }
        return Stream.concat(
                        chain.block(height).flatMap(it -> it.block().opening()).stream()
                                .flatMap(opening -> opening.statements().stream())
                                .filter(it -> it.slot() == member.slot())
                                .flatMap(it -> evidence(it.evidence()).stream()),
                        chain.block(Math.max(1, height - MembershipModule.ACTIVATION)).stream()
                                .flatMap(it -> it.block().transactions().stream())
                                .flatMap(encoded -> reKey(encoded).stream())
                                .filter(reKey -> reKey.slot() == member.slot())
                                .map(ReKey::evidence))
                .filter(evidence -> evidence.keys().voteKey33().equals(member.voteKey()))
                .findFirst();
    }

    private static Optional<Evidence> evidence(Bytes encoded) {
        try {
            return Optional.of(Evidence.decode(encoded));
        } catch (CodecException e) {
            return Optional.empty(); // of a slot whose keys did not change, so nobody judged it
        }
    }

    private static Optional<ReKey> reKey(Bytes encoded) {
        try {
            Transaction transaction = Transaction.decode(encoded);
            boolean changes = transaction.module() == Members.MODULE && transaction.kind() == MembershipModule.RE_KEY;
            return changes ? Optional.of(ReKey.decode(transaction.body())) : Optional.empty();
        } catch (CodecException e) {
            return Optional.empty(); // a block holds refused transactions as well
        }
    }

    private static ApiException notNow() {
        return ApiException.unavailable("no-certified-state", "no block certifies the network's policy yet");
    }
}
