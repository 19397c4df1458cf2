package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table of GUIDs at the end of a firmware image (edk2, ResetVectorVtf0.asm). It is read backwards: each entry ends
 * in a u16 length of the whole entry and a GUID, and the last entry, 32 bytes before the image's end, has the length of
 * the whole table.
 */
final class OvmfTable {
    private static final Bytes FOOTER = guid("96b582de1fb245f7baeaa366c55a082d");
    private static final int BEHIND_TABLE = 32;
    private static final int GUID_SIZE = 16;
    private static final int HEADER_SIZE = 2 + GUID_SIZE;
    private static final int MAX_ENTRIES = 64;

    private final Map<Bytes, Bytes> entries = new HashMap<>();

    /** Reads the table of an image of at least one page. */
    OvmfTable(Bytes image) {
        ByteBuffer view = image.buffer().order(ByteOrder.LITTLE_ENDIAN);
        int footer = image.length() - BEHIND_TABLE - HEADER_SIZE;
        if (!image.slice(footer + 2, GUID_SIZE).equals(FOOTER)) {
            throw new CodecException(Reason.UNKNOWN, "the firmware has no table of GUIDs at its end");
        }
        int begin = footer + HEADER_SIZE - Short.toUnsignedInt(view.getShort(footer));
        if (begin < 0 || begin > footer) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the firmware's table does not fit in it");
        }
        int end = footer;
        while (end > begin) {
            end = readEntry(image, view, begin, end);
        }
    }

    /** Takes the entry that ends at {@code end} and answers where it begins. */
    private int readEntry(Bytes image, ByteBuffer view, int begin, int end) {
        int header = end - HEADER_SIZE;
        int size = header < begin ? 0 : Short.toUnsignedInt(view.getShort(header));
        if (size < HEADER_SIZE || size > end - begin) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an entry of " + size + " bytes in the firmware's table");
        }
        Bytes data = image.slice(end - size, size - HEADER_SIZE);
        if (entries.put(image.slice(header + 2, GUID_SIZE), data) != null) {
            throw new CodecException(Reason.NOT_CANONICAL, "a GUID stands twice in the firmware's table");
        }
        if (entries.size() > MAX_ENTRIES) {
            throw new CodecException(Reason.TOO_LONG, "more than " + MAX_ENTRIES + " entries in the firmware's table");
        }
        return end - size;
    }

    /** The first four bytes of an entry as a little-endian number. */
    Optional<Long> number(Bytes guid) {
        return Optional.ofNullable(entries.get(guid)).map(data -> {
            Bytes four = data.slice(0, Integer.BYTES);
            return Integer.toUnsignedLong(
                    four.buffer().order(ByteOrder.LITTLE_ENDIAN).getInt());
        });
    }

    /** A GUID in the mixed byte order of firmware, from its digits without dashes. */
    static Bytes guid(String digits) {
        Bytes plain = Bytes.hex(digits);
        return Bytes.concat(
                plain.slice(0, 4).reversed(),
                plain.slice(4, 2).reversed(),
                plain.slice(6, 2).reversed(),
                plain.slice(8, 8));
    }
}
