package io.cloister.node.steps;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Statement;
import io.cloister.consensus.engine.BootSigner;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.RecoveryLeaf;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The vote key of this boot and the slot key, for the engine; statements of recovery come with evidence for the boot. */
final class BootVotes implements BootSigner {
    private static final System.Logger LOG = System.getLogger(BootVotes.class.getName());

    private final SigningKey slotKey;
    private final SigningKey voteKey;
    private final BootKeySet keys;
    private final Attester attester;
    private volatile Consumer<Statement> stated = statement -> {};
    private volatile BooleanSupplier mayState = () -> true;

    BootVotes(SigningKey slotKey, SigningKey voteKey, BootKeySet keys, Attester attester) {
        this.slotKey = slotKey;
        this.voteKey = voteKey;
        this.keys = keys;
        this.attester = attester;
    }

    /** Where finished statements go. */
    void connect(Consumer<Statement> taker) {
        stated = taker;
    }

    /** What a boot on an old disk would state of the time before is not the latest that this node knew. */
    void stateOnlyWhen(BooleanSupplier sound) {
        mayState = sound;
    }

    @Override
    public Bytes voteKey() {
        return voteKey.id();
    }

    @Override
    public Bytes sign(Bytes digest) {
        return voteKey.sign(digest).recoverable();
    }

    @Override
    public Bytes signBySlot(Bytes digest) {
        return slotKey.sign(digest).recoverable();
    }

    @Override
    public void state(Request wanted) {
        if (!mayState.getAsBoolean()) {
            LOG.log(System.Logger.Level.WARNING, "this boot is on an old disk: nothing is stated for a recovery");
            return;
        }
        attester.attest(RecoveryLeaf.of(wanted.chainId(), wanted.slot(), wanted.recovery()))
                .thenAccept(evidence -> stated.accept(
                        wanted.statement(voteKey(), keys.bootCounter(), evidence.encode(), this::signBySlot)))
                .exceptionally(failure -> {
                    LOG.log(System.Logger.Level.WARNING, "no evidence for a statement: {0}", failure.getMessage());
                    return null;
                });
    }
}
