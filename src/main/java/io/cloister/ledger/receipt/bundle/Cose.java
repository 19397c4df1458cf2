package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CommitSignature;
import java.util.List;

/**
 * A bundle as the payload of a COSE_Sign (RFC 9052, 4.1) with the precommits of the receipt's block as its signatures. What
 * validators sign is their vote and not a Sig_structure, so the algorithm is a private one.
 */
final class Cose {
    static final String CONTENT_TYPE = "application/vnd.cloister.receipt+cbor";

    /** The head of a tag of one byte. */
    static final int FIRST_BYTE = 0xd8;

    private static final int COSE_SIGN = 98;
    private static final int ALGORITHM = 1;
    private static final int CONTENT = 3;
    private static final int KEY_ID = 4;

    /** {@code -70001}: secp256k1 over the digest of a vote; CBOR keeps {@code -1 - n}. */
    private static final long VOTE_ALGORITHM = 70_000;

    private Cose() {}

    static Bytes write(Bundle bundle) {
        Writer out = new Writer();
        Cbor.head(out, Cbor.TAG, COSE_SIGN);
        Cbor.head(out, Cbor.LIST, 4);
        Cbor.bytes(out, protectedHeader());
        Cbor.head(out, Cbor.MAP, 0);
        Cbor.bytes(out, bundle.cbor());
        List<CommitSignature> signatures = bundle.header().certificate().signatures();
        Cbor.head(out, Cbor.LIST, signatures.size());
        for (CommitSignature signature : signatures) {
            Cbor.head(out, Cbor.LIST, 3);
            Cbor.bytes(out, signer(signature.slot()));
            Cbor.head(out, Cbor.MAP, 0);
            Cbor.bytes(out, signature.signature());
        }
        return out.toBytes();
    }

    private static Bytes protectedHeader() {
        Writer out = new Writer();
        Cbor.head(out, Cbor.MAP, 1);
        Cbor.head(out, Cbor.UNSIGNED, CONTENT);
        Cbor.text(out, CONTENT_TYPE);
        return out.toBytes();
    }

    private static Bytes signer(int slot) {
        Writer out = new Writer();
        Cbor.head(out, Cbor.MAP, 2);
        Cbor.head(out, Cbor.UNSIGNED, ALGORITHM);
        Cbor.head(out, Cbor.NEGATIVE, VOTE_ALGORITHM);
        Cbor.head(out, Cbor.UNSIGNED, KEY_ID);
        Cbor.bytes(out, new Writer().u16(slot).toBytes());
        return out.toBytes();
    }

    /** Everything but the payload follows from it, so what is read is written again and must be the same. */
    static Bundle read(Bytes document) {
        Reader in = new Reader(document);
        boolean sign = Cbor.expect(in, Cbor.TAG) == COSE_SIGN && Cbor.expect(in, Cbor.LIST) == 4;
        Cbor.fixed(in, Cbor.expect(in, Cbor.BYTES));
        if (!sign || Cbor.expect(in, Cbor.MAP) != 0) {
            throw new CodecException(Reason.UNKNOWN, "no COSE_Sign of this kind");
        }
        Bundle bundle = Bundle.ofCbor(Cbor.fixed(in, Cbor.expect(in, Cbor.BYTES)));
        if (!write(bundle).equals(document)) {
            throw new CodecException(Reason.NOT_CANONICAL, "a COSE_Sign with other headers or signatures");
        }
        return bundle;
    }
}
