package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayList;
import java.util.List;

/**
 * Signatures of maintainers over one document. They stand in a file of their own, so that each maintainer adds to it
 * alone; who verifies counts signers, not entries.
 *
 * @param entries at most 64, in the order of the file
 */
public record ReleaseSignatures(List<Entry> entries) {
    /** Most bytes of the document. */
    public static final int MAX_SIZE = 32 << 10;

    /** No signature yet. */
    public static final ReleaseSignatures NONE = new ReleaseSignatures(List.of());

    private static final int MAX_ENTRIES = 64;
    private static final int ID_SIZE = 32;
    private static final String FORMAT = "cloister/signatures/v1";
    private static final String WHAT = "list of signatures";

    /**
     * One signature.
     *
     * @param keyId {@link MaintainerKey#id}
     * @param signature 64 bytes
     */
    public record Entry(Bytes keyId, Bytes signature) {
        public Entry {
            Documents.requireLength(keyId, ID_SIZE, "key id");
            Documents.requireLength(signature, MaintainerKey.SIGNATURE_SIZE, "signature");
        }
    }

    record Document(String format, List<EntryDocument> signatures) {}

    record EntryDocument(String keyId, String signature) {}

    public ReleaseSignatures {
        entries = List.copyOf(entries);
        Documents.requireCount(entries.size(), MAX_ENTRIES, "signatures");
    }

    /**
     * Reads {@code {"format","signatures":[{"keyId","signature"}]}}, both in hexadecimal.
     *
     * @throws CodecException when this is no such document
     */
    public static ReleaseSignatures decode(Bytes json) {
        Document document = Documents.read(json, MAX_SIZE, Document.class, WHAT);
        Documents.requireFormat(document.format(), FORMAT);
        Documents.requireCount(document.signatures().size(), MAX_ENTRIES, "signatures");
        return new ReleaseSignatures(document.signatures().stream()
                .map(entry -> Documents.present(entry, WHAT))
                .map(entry -> new Entry(Bytes.hex(entry.keyId()), Bytes.hex(entry.signature())))
                .toList());
    }

    /** The document, written as RFC 8785 says. */
    public Bytes encode() {
        return Documents.canonical(new Document(
                FORMAT,
                entries.stream()
                        .map(entry -> new EntryDocument(
                                entry.keyId().toHex(), entry.signature().toHex()))
                        .toList()));
    }

    /**
     * Adds a maintainer's signature, in place of an earlier one of the same key.
     *
     * @param document the exact bytes that are signed
     */
    public ReleaseSignatures signedBy(MaintainerSecret secret, SignedKind kind, Bytes document) {
        Bytes id = secret.publicKey().id();
        List<Entry> all = new ArrayList<>(
                entries.stream().filter(entry -> !entry.keyId().equals(id)).toList());
        all.add(new Entry(id, secret.sign(kind.message(document))));
        return new ReleaseSignatures(all);
    }
}
