package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Statement;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The keys of a boot as things that sign: the vote key, which dies with the boot, and the slot key, which outlives it. */
public interface BootSigner {
    /** The vote key of this boot, 33 bytes. */
    Bytes voteKey();

    /**
     * Signs with the vote key.
     *
     * @param digest 32 bytes of {@link io.cloister.consensus.SignBytes}
     * @return 65 bytes r, s, recovery id
     */
    Bytes sign(Bytes digest);

    /** Signs with the slot key: openings of a recovery. */
    Bytes signBySlot(Bytes digest);

    /**
     * Makes the statement with evidence for this boot's keys, signs it with the slot key, and hands it to the engine as
     * {@link Engine#stated} does; later and on any thread. May fail silently: the core asks again for another number.
     */
    void state(Request wanted);

    /** What a statement shall say. */
    record Request(
            String chainId,
            long fromEpoch,
            long recovery,
            int slot,
            Optional<CertifiedHeader> base,
            Optional<HeldPolka> polka) {
        /**
         * The statement with the keys of a boot.
         *
         * @param evidence for these keys
         * @param bySlot signs a digest with the slot key
         */
        public Statement statement(Bytes voteKey, long bootCounter, Bytes evidence, UnaryOperator<Bytes> bySlot) {
            KeyClaim claim =
                    Statement.claim(chainId, fromEpoch, recovery, slot, voteKey, bootCounter, evidence, base, polka);
            return new Statement(claim.signed(bySlot.apply(claim.digest())), evidence, base, polka);
        }
    }
}
