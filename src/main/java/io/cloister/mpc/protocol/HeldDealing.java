package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.mpc.dealing.PublicDealing;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.sharing.Share;
import java.util.List;
import java.util.Optional;

/** A dealing that this node has checked in public, and its own shares of it as far as it has them. */
final class HeldDealing implements AutoCloseable {
    private final Bytes id;
    private final PublicDealing dealing;
    private ReceiverPacket packet;
    private Optional<List<Share>> shares = Optional.empty();
    private boolean wrong;
    private boolean kept;

    HeldDealing(Bytes id, PublicDealing dealing, ReceiverPacket packet) {
        this.id = id;
        this.dealing = dealing;
        this.packet = packet;
    }

    Bytes id() {
        return id;
    }

    PublicDealing dealing() {
        return dealing;
    }

    ReceiverPacket packet() {
        return packet;
    }

    /** A packet of the same dealing that has more ciphertexts. */
    void replacePacket(ReceiverPacket fuller) {
        packet = fuller;
    }

    Optional<List<Share>> shares() {
        return shares;
    }

    /** Takes the shares over; they open the commitments. */
    void hold(List<Share> good) {
        shares = Optional.of(good);
        wrong = false;
    }

    /** The own ciphertext does not open the commitments. */
    void markWrong() {
        wrong = true;
    }

    /** True the first time. */
    boolean markKept() {
        boolean first = !kept;
        kept = true;
        return first;
    }

    boolean isWrong() {
        return wrong;
    }

    @Override
    public void close() {
        shares.ifPresent(Share::closeAll);
        shares = Optional.empty();
    }
}
