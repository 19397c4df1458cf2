package io.cloister.channel.handshake;

import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Hello;
import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.OptionalInt;

/** What a hello must satisfy before either end makes a report. (H7) */
final class HelloCheck {
    private HelloCheck() {}

    static Optional<Refusal> refusal(HandshakeParameters own, Hello hello) {
        if (choose(own, hello).isEmpty()) {
            return Optional.of(Refusal.UNSUPPORTED_VERSION);
        }
        if (!hello.chainId().equals(own.chainId())) {
            return Optional.of(Refusal.WRONG_CHAIN);
        }
        if (!hello.genesisDigest().equals(own.genesisDigest())) {
            return Optional.of(Refusal.WRONG_GENESIS);
        }
        if (!hello.policyDigest().equals(own.policyDigest())) {
            return Optional.of(Refusal.WRONG_POLICY);
        }
        if (hello.nodeId().equals(own.nodeId()) || !own.acceptable().contains(hello.nodeId())) {
            return Optional.of(Refusal.UNKNOWN_NODE);
        }
        if (own.banned().contains(hello.nodeId())) {
            return Optional.of(Refusal.LOW_SCORE);
        }
        if (!dials(own, hello.nodeId())) {
            return Optional.of(Refusal.WRONG_DIRECTION);
        }
        if (hello.nonce().equals(own.nonce())) {
            return Optional.of(Refusal.REFLECTED_NONCE);
        }
        return Optional.empty();
    }

    /** The highest version in common; a responder must have chosen exactly one of those we offered. */
    static OptionalInt choose(HandshakeParameters own, Hello hello) {
        if (own.role() == Role.INITIATOR && hello.versions().size() != 1) {
            return OptionalInt.empty();
        }
        return hello.versions().stream()
                .filter(own.versions()::contains)
                .mapToInt(Integer::intValue)
                .max();
    }

    /** The smaller id must be the initiator's. (H16) */
    private static boolean dials(HandshakeParameters own, Bytes peer) {
        boolean smaller = own.nodeId().compareTo(peer) < 0;
        return smaller == (own.role() == Role.INITIATOR);
    }
}
