package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one log. Numbers are little endian. Every event takes at least 16 bytes, so the log's size bounds all lists. */
final class EventLogParser {
    private static final Bytes SPEC_ID = Bytes.utf8("Spec ID Event03\0");
    private static final Bytes STARTUP_LOCALITY = Bytes.utf8("StartupLocality\0");
    private static final int LEGACY_DIGEST = 20;
    private static final int PLATFORM_AND_VERSION = 8;
    private static final int MAX_ALGORITHMS = 16;
    private static final int MAX_DIGEST = 64;
    private static final int SHA1 = 0x0004;
    private static final int SHA1_SIZE = 20;

    private final Bytes raw;
    private final ByteBuffer view;
    private final Map<Integer, Integer> digestSizes = new LinkedHashMap<>();
    private final List<LogEvent> events = new ArrayList<>();
    private Optional<Integer> startupLocality = Optional.empty();
    private boolean pcr0Extended;
    private int position;

    EventLogParser(Bytes raw) {
        this.raw = raw;
        this.view = raw.buffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    EventLog parse() {
        if (raw.length() > EventLog.MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "an event log of " + raw.length() + " bytes");
        }
        readHeader();
        while (position < raw.length()) {
            LogEvent event = readEvent();
            noteLocality(event);
            pcr0Extended |= event.extendsPcr() && event.pcr() == 0;
            events.add(event);
        }
        return new EventLog(events, startupLocality.orElse(0));
    }

    /** A TCG_PCR_EVENT with TCG_EfiSpecIDEvent inside, which tells the sizes of all digests that follow. */
    private void readHeader() {
        long pcr = u32();
        long type = u32();
        boolean noDigest = fixed(LEGACY_DIGEST).equals(Bytes.zeros(LEGACY_DIGEST));
        long size = u32();
        int end = end(size);
        if (pcr != 0
                || type != LogEvent.NO_ACTION
                || !noDigest
                || size < SPEC_ID.length()
                || !fixed(16).equals(SPEC_ID)) {
            throw new CodecException(Reason.UNKNOWN, "the event log is not crypto-agile");
        }
        fixed(PLATFORM_AND_VERSION);
        long algorithms = u32();
        if (algorithms < 1 || algorithms > MAX_ALGORITHMS) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an event log of " + algorithms + " banks");
        }
        for (int i = 0; i < algorithms; i++) {
            readAlgorithm(u16(), u16());
        }
        fixed(u8()); // the vendor's
        if (position != end) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the event log's header is of another size");
        }
        if (!digestSizes.containsKey(TpmHash.SHA256.id)) {
            throw new CodecException(Reason.UNKNOWN, "the event log has no SHA-256 digests");
        }
    }

    private void readAlgorithm(int id, int size) {
        Optional<Integer> known =
                id == SHA1 ? Optional.of(SHA1_SIZE) : TpmHash.ofId(id).map(TpmHash::size);
        if (size < 1 || size > MAX_DIGEST || known.isPresent() && known.get() != size) {
            throw new CodecException(Reason.OUT_OF_RANGE, "digests of bank 0x%04x with %d bytes".formatted(id, size));
        }
        if (digestSizes.put(id, size) != null) {
            throw new CodecException(Reason.NOT_CANONICAL, "the event log names bank 0x%04x twice".formatted(id));
        }
    }

    private LogEvent readEvent() {
        long pcr = u32();
        long type = u32();
        if (type != LogEvent.NO_ACTION && pcr >= PcrSelection.PCRS) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an event extends PCR " + pcr);
        }
        long count = u32();
        if (count != digestSizes.size()) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE,
                    "an event has " + count + " digests, the log " + digestSizes.size() + " banks");
        }
        Map<Integer, Bytes> digests = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int id = u16();
            Integer size = digestSizes.get(id);
            if (size == null) {
                throw new CodecException(Reason.UNKNOWN, "an event has a digest of bank 0x%04x".formatted(id));
            }
            if (digests.put(id, fixed(size)) != null) {
                throw new CodecException(Reason.NOT_CANONICAL, "an event has two digests of one bank");
            }
        }
        long size = u32();
        return new LogEvent(pcr, type, digests, fixed(end(size) - position));
    }

    /** The locality is part of PCR 0's first value, so it is told once and before PCR 0 is extended. */
    private void noteLocality(LogEvent event) {
        if (event.extendsPcr() || !event.data().startsWith(STARTUP_LOCALITY)) {
            return;
        }
        if (event.data().length() != STARTUP_LOCALITY.length() + 1 || startupLocality.isPresent() || pcr0Extended) {
            throw new CodecException(Reason.NOT_CANONICAL, "the startup locality is told too late or twice");
        }
        int locality = event.data().at(STARTUP_LOCALITY.length());
        if (locality != 0 && locality != 3 && locality != 4) {
            throw new CodecException(Reason.OUT_OF_RANGE, "startup locality " + locality);
        }
        startupLocality = Optional.of(locality);
    }

    private int u8() {
        need(1);
        return view.get(position++) & 0xFF;
    }

    private int u16() {
        need(2);
        position += 2;
        return view.getShort(position - 2) & 0xFFFF;
    }

    private long u32() {
        need(4);
        position += 4;
        return Integer.toUnsignedLong(view.getInt(position - 4));
    }

    private Bytes fixed(int length) {
        need(length);
        position += length;
        return raw.slice(position - length, length);
    }

    private int end(long size) {
        need(size);
        return position + (int) size;
    }

    private void need(long length) {
        if (length > raw.length() - position) {
            throw new CodecException(
                    Reason.TRUNCATED,
                    length + " bytes expected at " + position + ", " + (raw.length() - position) + " left");
        }
    }
}
