package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A crypto-agile log of measured boot, as {@code /sys/kernel/security/tpm0/binary_bios_measurements} has it (TCG PC
 * Client Platform Firmware Profile, 10). Nobody signs a log: only the PCRs that it replays to give it weight.
 *
 * @param events all events behind the header, in order
 * @param startupLocality locality of TPM2_Startup, which is part of PCR 0's first value
 */
public record EventLog(List<LogEvent> events, int startupLocality) {
    /** The most bytes of a log that are read. */
    public static final int MAX_SIZE = 1 << 20;

    private static final int FIRST_DYNAMIC = 17;
    private static final int LAST_DYNAMIC = 22;

    public EventLog {
        events = List.copyOf(events);
    }

    /**
     * Reads a log.
     *
     * @throws CodecException UNKNOWN for a log that is not crypto-agile or has no SHA-256 bank; TOO_LONG, TRUNCATED,
     *     NOT_CANONICAL, OUT_OF_RANGE for what cannot be
     */
    public static EventLog parse(Bytes raw) {
        return new EventLogParser(raw).parse();
    }

    /**
     * The values that the log's events give the PCRs of a bank.
     *
     * @return the PCRs that the log extends, and no others
     */
    public SortedMap<Integer, Bytes> replay(TpmHash bank) {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (LogEvent event : events) {
            if (event.extendsPcr()) {
                event.digest(bank).ifPresent(digest -> {
                    int pcr = (int) event.pcr();
                    Bytes before = values.getOrDefault(pcr, initial(pcr, bank));
                    values.put(pcr, bank.digest(before, digest));
                });
            }
        }
        return values;
    }

    /** Zeros; the dynamic ones begin with all bits set, PCR 0 with the locality in its last byte. */
    private Bytes initial(int pcr, TpmHash bank) {
        byte[] value = new byte[bank.size];
        if (pcr >= FIRST_DYNAMIC && pcr <= LAST_DYNAMIC) {
            Arrays.fill(value, (byte) 0xFF);
        } else if (pcr == 0) {
            value[bank.size - 1] = (byte) startupLocality;
        }
        return Bytes.wrap(value);
    }
}
