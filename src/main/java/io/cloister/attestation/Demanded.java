package io.cloister.attestation;

import io.cloister.attestation.tpm.RuntimeClaims;
import io.cloister.attestation.tpm.TpmQuote;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Optional;

/**
 * What a verifier demands that hardware evidence binds. Whatever is not given is not compared, and its check is listed as
 * skipped: then nothing ties the evidence to anybody, or to now. What a kind of evidence has no place for fails {@code
 * binding}.
 *
 * @param reportData the 64 bytes of REPORT_DATA that the guest must have chosen
 * @param nonce the extraData of a quote, 1 to 64 bytes, compared whole
 * @param userData the user data in Azure's runtime claims, at most 64 bytes before zeros
 */
public record Demanded(Optional<Bytes> reportData, Optional<Bytes> nonce, Optional<Bytes> userData) {
    /** Nothing. */
    public static final Demanded NOTHING = new Demanded(Optional.empty(), Optional.empty(), Optional.empty());

    private static final int REPORT_DATA = 64;

    /** @throws CodecException OUT_OF_RANGE for a length that nothing can have */
    public Demanded {
        reportData.ifPresent(data -> require(data.length() == REPORT_DATA, "REPORT_DATA has 64 bytes"));
        nonce.ifPresent(
                data -> require(data.length() <= TpmQuote.MAX_EXTRA_DATA, "a quote's nonce has at most 64 bytes"));
        userData.ifPresent(data -> require(
                !data.isEmpty() && data.length() <= RuntimeClaims.USER_DATA_SIZE, "user data has 1 to 64 bytes"));
    }

    /** The guest's 64 bytes, wherever its platform puts them. */
    public static Demanded data(Bytes data64) {
        return new Demanded(Optional.of(data64), Optional.of(data64), Optional.empty());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, otherwise);
        }
    }
}
