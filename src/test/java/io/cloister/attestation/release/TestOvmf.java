package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Builds firmware images with the tables that the firmware of edk2 has; each page of code is filled with its number. */
public final class TestOvmf {
    static final long RESET_ADDRESS = 0x0080_b004L;
    static final long HASH_TABLE = 0x10_c00L;

    private static final Bytes FOOTER = OvmfTable.guid("96b582de1fb245f7baeaa366c55a082d");
    private static final Bytes HASHES = OvmfTable.guid("7255371f3a3b4b04927b1da6efa8d454");
    private static final Bytes RESET = OvmfTable.guid("00f771de1a7e4fcb890e68c77e2fb44e");
    private static final Bytes METADATA = OvmfTable.guid("dc886566984a4798a75e5585a7bf67cc");

    private int size = 16 * 4096;
    private Bytes metadataGuid = METADATA;
    private Bytes footerGuid = FOOTER;
    private int version = 1;
    private int signature = 0x56455341;
    private int extraCount;
    private boolean resetTwice;
    private boolean resetMissing;
    private long resetAddress = RESET_ADDRESS;
    private long hashTable = HASH_TABLE;
    private int tableSizeError;
    private final List<long[]> sections = new ArrayList<>(List.of(
            new long[] {0x80_0000, 0x9000, 1},
            new long[] {0x80_a000, 0x3000, 1},
            new long[] {0x80_d000, 0x1000, 2},
            new long[] {0x80_e000, 0x1000, 3},
            new long[] {0x80_f000, 0x1000, 4},
            new long[] {0x1_0000, 0x1000, 0x10}));

    public TestOvmf size(int bytes) {
        size = bytes;
        return this;
    }

    TestOvmf section(long address, long bytes, long kind) {
        sections.add(new long[] {address, bytes, kind});
        return this;
    }

    public TestOvmf withoutSection(int kind) {
        sections.removeIf(section -> section[2] == kind);
        return this;
    }

    TestOvmf noMetadata() {
        metadataGuid = Bytes.zeros(16);
        return this;
    }

    TestOvmf noTable() {
        footerGuid = Bytes.zeros(16);
        return this;
    }

    TestOvmf version(int number) {
        version = number;
        return this;
    }

    TestOvmf signature(int word) {
        signature = word;
        return this;
    }

    TestOvmf claimsMoreSections(int more) {
        extraCount = more;
        return this;
    }

    TestOvmf resetTwice() {
        resetTwice = true;
        return this;
    }

    TestOvmf noReset() {
        resetMissing = true;
        return this;
    }

    TestOvmf resetAddress(long address) {
        resetAddress = address;
        return this;
    }

    TestOvmf hashTable(long address) {
        hashTable = address;
        return this;
    }

    TestOvmf tableSizeError(int by) {
        tableSizeError = by;
        return this;
    }

    public Bytes image() {
        byte[] image = new byte[size];
        for (int i = 0; i < size; i++) {
            int page = i / 4096;
            image[i] = page % 3 == 0 ? (byte) (page * 31 + i) : page % 3 == 1 ? (byte) 0xff : 0;
        }
        int metadataAt = size - 2048;
        ByteBuffer metadata =
                ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).position(metadataAt);
        metadata.putInt(signature)
                .putInt(16 + 12 * sections.size())
                .putInt(version)
                .putInt(sections.size() + extraCount);
        for (long[] section : sections) {
            metadata.putInt((int) section[0]).putInt((int) section[1]).putInt((int) section[2]);
        }
        Bytes entries = Bytes.concat(
                hashTable < 0 ? Bytes.EMPTY : entry(HASHES, Bytes.concat(number(hashTable), number(0x400))),
                entry(metadataGuid, number(2048)),
                resetMissing ? Bytes.EMPTY : entry(RESET, number(resetAddress)),
                resetTwice ? entry(RESET, number(resetAddress)) : Bytes.EMPTY);
        Bytes table = Bytes.concat(entries, header(entries.length() + 18 + tableSizeError, footerGuid));
        table.copyTo(0, image, size - 32 - table.length(), table.length());
        return Bytes.wrap(image);
    }

    Ovmf parsed() {
        return Ovmf.parse(image());
    }

    private static Bytes entry(Bytes guid, Bytes data) {
        return Bytes.concat(data, header(data.length() + 18, guid));
    }

    private static Bytes header(int length, Bytes guid) {
        return Bytes.concat(Bytes.of((byte) length, (byte) (length >>> 8)), guid);
    }

    private static Bytes number(long value) {
        return Bytes.of((byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24));
    }
}
