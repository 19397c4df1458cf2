package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A firmware image for SEV-SNP guests with what its metadata tell the host (edk2, OvmfSevMetadata.asm). The image lies
 * directly below 4 GiB. Immutable.
 */
public final class Ovmf {
    /** Most bytes of an image. */
    public static final int MAX_SIZE = 16 << 20;

    static final int PAGE = 4096;
    static final long FOUR_GIB = 1L << 32;

    private static final Bytes HASH_TABLE = OvmfTable.guid("7255371f3a3b4b04927b1da6efa8d454");
    private static final Bytes RESET_BLOCK = OvmfTable.guid("00f771de1a7e4fcb890e68c77e2fb44e");
    private static final Bytes METADATA = OvmfTable.guid("dc886566984a4798a75e5585a7bf67cc");
    private static final int SIGNATURE = 0x56455341; // "ASEV"
    private static final int HEADER_SIZE = 16;
    private static final int ITEM_SIZE = 12;
    private static final int MAX_SECTIONS = 64;
    private static final long MAX_PREPARED = 256L << 20;

    private final Bytes image;
    private final List<OvmfSection> sections;
    private final Optional<Long> hashTable;
    private final long resetAddress;

    private Ovmf(Bytes image, List<OvmfSection> sections, Optional<Long> hashTable, long resetAddress) {
        this.image = image;
        this.sections = sections;
        this.hashTable = hashTable;
        this.resetAddress = resetAddress;
    }

    /**
     * Reads an image of whole pages.
     *
     * @throws CodecException TOO_LONG above {@link #MAX_SIZE} or for too many or too large sections, UNKNOWN for an
     *     image without SEV metadata or with a kind of section that is not known, else what is wrong with its tables
     */
    public static Ovmf parse(Bytes image) {
        if (image.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a firmware image of " + image.length() + " bytes");
        }
        if (image.isEmpty() || image.length() % PAGE != 0) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "a firmware image of " + image.length() + " bytes is not whole pages");
        }
        OvmfTable table = new OvmfTable(image);
        long metadata = required(table.number(METADATA), "SEV metadata");
        return new Ovmf(
                image,
                sections(image, metadata),
                table.number(HASH_TABLE).filter(address -> address != 0),
                required(table.number(RESET_BLOCK), "reset address for further processors"));
    }

    private static long required(Optional<Long> number, String what) {
        return number.orElseThrow(() -> new CodecException(Reason.UNKNOWN, "the firmware has no " + what));
    }

    /** @param fromEnd distance of the metadata from the image's end */
    private static List<OvmfSection> sections(Bytes image, long fromEnd) {
        if (fromEnd < HEADER_SIZE || fromEnd > image.length()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "SEV metadata " + fromEnd + " bytes before the end");
        }
        int begin = image.length() - (int) fromEnd;
        ByteBuffer view = image.buffer().order(ByteOrder.LITTLE_ENDIAN).position(begin);
        if (view.getInt() != SIGNATURE) {
            throw new CodecException(Reason.UNKNOWN, "SEV metadata do not begin with their signature");
        }
        long size = Integer.toUnsignedLong(view.getInt());
        int version = view.getInt();
        if (version != 1) {
            throw new CodecException(
                    Reason.UNKNOWN, "SEV metadata of version " + Integer.toUnsignedString(version) + " are not known");
        }
        long count = Integer.toUnsignedLong(view.getInt());
        if (count > MAX_SECTIONS) {
            throw new CodecException(Reason.TOO_LONG, count + " sections in SEV metadata");
        }
        if (size > fromEnd || size < HEADER_SIZE + count * ITEM_SIZE) {
            throw new CodecException(
                    Reason.TRUNCATED, "SEV metadata of " + size + " bytes with " + count + " sections");
        }
        List<OvmfSection> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sections.add(section(view));
        }
        checkTogether(sections);
        return List.copyOf(sections);
    }

    private static OvmfSection section(ByteBuffer view) {
        long address = Integer.toUnsignedLong(view.getInt());
        long size = Integer.toUnsignedLong(view.getInt());
        OvmfSection.Kind kind = kind(view.getInt());
        if (address % PAGE != 0 || size % PAGE != 0 || size == 0 || address + size > FOUR_GIB) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "a section of %d bytes at 0x%x is not whole pages".formatted(size, address));
        }
        boolean onePage = kind != OvmfSection.Kind.MEMORY && kind != OvmfSection.Kind.CALLING_AREA;
        if (onePage && size != PAGE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a section " + kind + " of " + size + " bytes, not one page");
        }
        return new OvmfSection(kind, address, size);
    }

    private static OvmfSection.Kind kind(int code) {
        for (OvmfSection.Kind kind : OvmfSection.Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CodecException(
                Reason.UNKNOWN, "a section of kind " + Integer.toUnsignedString(code) + " is not known");
    }

    private static void checkTogether(List<OvmfSection> sections) {
        if (sections.stream().mapToLong(OvmfSection::size).sum() > MAX_PREPARED) {
            throw new CodecException(Reason.TOO_LONG, "the sections have more than " + MAX_PREPARED + " bytes");
        }
        for (OvmfSection.Kind kind : OvmfSection.Kind.values()) {
            boolean once = kind != OvmfSection.Kind.MEMORY;
            if (once && sections.stream().filter(s -> s.kind() == kind).count() > 1) {
                throw new CodecException(Reason.NOT_CANONICAL, "more than one section " + kind);
            }
        }
    }

    public Bytes image() {
        return image;
    }

    /** Where the image begins in guest memory. */
    public long address() {
        return FOUR_GIB - image.length();
    }

    /** What the host prepares, in the order of the metadata. */
    public List<OvmfSection> sections() {
        return sections;
    }

    /** Where the table of kernel hashes goes, if the firmware checks a kernel that the host gives. */
    public Optional<Long> hashTable() {
        return hashTable;
    }

    /** The address at which processors but the first begin, 32 bits; zero when they have none. */
    public long resetAddress() {
        return resetAddress;
    }
}
