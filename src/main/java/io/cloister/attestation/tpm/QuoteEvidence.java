package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * A quote and what it is about, as the other side sent it.
 *
 * @param quote TPMS_ATTEST
 * @param signature RSASSA-PKCS1-v1_5 alone, as long as the key's modulus
 * @param pcrs the PCR values claimed
 * @param eventLog a TCG log, empty where none was sent
 */
public record QuoteEvidence(Bytes quote, Bytes signature, PcrValues pcrs, Bytes eventLog) {
    /** Bytes of a log that travels with evidence, at most; longer ones are judged from files. */
    public static final int MAX_EVENT_LOG = 48 * 1024;

    private static final int MAX_QUOTE = 1024;
    private static final int MAX_PCRS = 1024;

    /** @throws CodecException TOO_LONG */
    public void encode(Writer writer) {
        if (eventLog.length() > MAX_EVENT_LOG) {
            throw new CodecException(Reason.TOO_LONG, "an event log of " + eventLog.length() + " bytes in evidence");
        }
        writer.bytes(quote).bytes(signature).bytes(pcrs.encode()).bytes(eventLog);
    }

    public static QuoteEvidence decode(Reader reader) {
        return new QuoteEvidence(
                reader.bytes(MAX_QUOTE),
                reader.bytes(RsaKey.MAX_SIZE),
                PcrValues.parse(reader.bytes(MAX_PCRS)),
                reader.bytes(MAX_EVENT_LOG));
    }
}
