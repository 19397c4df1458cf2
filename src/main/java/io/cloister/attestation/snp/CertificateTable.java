package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The table of certificates that a host hands out with extended reports (AMD 56421, GHCB section 4.1.8.1): entries of
 * 24 bytes {GUID, u32 offset, u32 length} up to an entry of zeros, then the certificates. Entries of unknown GUID are
 * skipped, since hosts add their own. Nothing in it is trusted.
 */
public record CertificateTable(Map<Kind, Bytes> certificates) {
    /** Bytes that the guest driver lets through. */
    public static final int MAX_SIZE = 16_384;

    private static final int ENTRY = 24;
    private static final int GUID = 16;

    /** The certificates that have a GUID of AMD. */
    public enum Kind {
        VCEK("63da758d-e664-4564-adc5-f4b93be8accd"),
        VLEK("a8074bc2-a25a-483e-aae6-39c045a0b8a1"),
        ASK("4ab7b379-bbac-4fe4-a02f-05aef327c782"),
        ARK("c0b406a4-a803-4952-9743-3fb6014cd0ae");

        private final UUID guid;

        Kind(String guid) {
            this.guid = UUID.fromString(guid);
        }
    }

    public CertificateTable {
        EnumMap<Kind, Bytes> copy = new EnumMap<>(Kind.class);
        copy.putAll(certificates);
        certificates = Map.copyOf(copy);
    }

    public Optional<Bytes> get(Kind kind) {
        return Optional.ofNullable(certificates.get(kind));
    }

    /**
     * Reads a table, with or without the padding to whole pages behind it. No bytes, or zeros only, are an empty table.
     *
     * @throws CodecException TOO_LONG, TRUNCATED (an entry points outside), NOT_CANONICAL (one kind twice)
     */
    public static CertificateTable parse(Bytes raw) {
        if (raw.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a certificate table of " + raw.length() + " bytes");
        }
        ByteBuffer view = raw.buffer().order(ByteOrder.LITTLE_ENDIAN);
        EnumMap<Kind, Bytes> found = new EnumMap<>(Kind.class);
        for (int at = 0; at < raw.length(); at += ENTRY) {
            if (raw.length() - at < ENTRY) {
                throw new CodecException(Reason.TRUNCATED, "the certificate table has no end");
            }
            Bytes guid = raw.slice(at, GUID);
            long offset = Integer.toUnsignedLong(view.getInt(at + GUID));
            long length = Integer.toUnsignedLong(view.getInt(at + GUID + 4));
            if (guid.equals(Bytes.zeros(GUID)) && offset == 0 && length == 0) {
                return new CertificateTable(found);
            }
            if (offset + length > raw.length()) { // 64-bit sum: cannot wrap
                throw new CodecException(Reason.TRUNCATED, "a certificate at " + offset + " leaves the table");
            }
            Optional<Kind> kind = kindOf(guid);
            if (kind.isPresent() && found.put(kind.get(), raw.slice((int) offset, (int) length)) != null) {
                throw new CodecException(Reason.NOT_CANONICAL, "the table has two certificates of kind " + kind.get());
            }
        }
        return new CertificateTable(found);
    }

    /** The table without padding, entries in the order of their kinds. */
    public Bytes encode() {
        int header = (certificates.size() + 1) * ENTRY;
        int size =
                header + certificates.values().stream().mapToInt(Bytes::length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        int offset = header;
        for (Kind kind : Kind.values()) {
            Bytes certificate = certificates.get(kind);
            if (certificate != null) {
                out.put(guidBytes(kind.guid).toArray()).putInt(offset).putInt(certificate.length());
                out.put(offset, certificate.toArray());
                offset += certificate.length();
            }
        }
        return Bytes.wrap(out.array());
    }

    /** Hosts write GUIDs in the order of RFC 9562 or with their first three fields little endian; both occur. */
    private static Optional<Kind> kindOf(Bytes guid) {
        for (Kind kind : Kind.values()) {
            Bytes plain = guidBytes(kind.guid);
            Bytes mixed = Bytes.concat(
                    plain.slice(0, 4).reversed(),
                    plain.slice(4, 2).reversed(),
                    plain.slice(6, 2).reversed(),
                    plain.slice(8, 8));
            if (guid.equals(plain) || guid.equals(mixed)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static Bytes guidBytes(UUID guid) {
        return Bytes.wrap(ByteBuffer.allocate(GUID)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array());
    }
}
