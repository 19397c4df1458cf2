package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A receipt, its way to a certified header, and the way from a trusted set of validators to the one of that header.
 *
 * @param header of the receipt's block
 * @param validators the set that this header names
 * @param start the set that a verifier is expected to trust
 * @param links from that set to a later one, each a change
 * @param standing a state that the last set of the links has certified; empty when that set is the header's own
 */
public record Bundle(
        Receipt receipt,
        MerkleTree.Path path,
        CertifiedHeader header,
        ValidatorSet validators,
        Start start,
        List<Link> links,
        Optional<Standing> standing) {
    public static final int MAX_LINKS = 256;

    /** Bytes of a bundle as CBOR; JSON may have twice as many characters, and some. */
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final Set<String> NAMES = Set.of(
            "receipt",
            "path",
            "header",
            "certificate",
            "keys",
            "validators",
            "anchor",
            "links",
            "standing",
            "evidence");

    /** A set that decided a height. */
    public record Start(long height, ValidatorSet validators) {
        public Start {
            if (height < 1) {
                throw new CodecException(Reason.OUT_OF_RANGE, "heights begin at 1");
            }
        }

        public Anchor anchor() {
            return new Anchor(height, validators.hash());
        }
    }

    public Bundle {
        links = List.copyOf(links);
        if (links.size() > MAX_LINKS) {
            throw new CodecException(Reason.TOO_LONG, links.size() + " links");
        }
    }

    Tree tree() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("receipt", new Tree.Blob(receipt.encode()));
        fields.put("path", Parts.blob(path::encode));
        fields.put("header", Parts.blob(header.header()::encode));
        fields.put("certificate", Parts.blob(header.certificate()::encode));
        if (!header.keys().isEmpty()) {
            fields.put("keys", Parts.blob(out -> out.list(header.keys(), (w, it) -> it.encode(w))));
        }
        fields.put("validators", Parts.blob(validators::encode));
        Map<String, Tree> anchor = new LinkedHashMap<>();
        anchor.put("height", new Tree.Number(start.height()));
        anchor.put("validators", Parts.blob(start.validators()::encode));
        fields.put("anchor", new Tree.Fields(anchor));
        if (!links.isEmpty()) {
            fields.put("links", new Tree.Items(links.stream().map(Link::tree).toList()));
        }
        standing.ifPresent(it -> fields.put("standing", it.tree()));
        return new Tree.Fields(fields);
    }

    static Bundle of(Tree tree) {
        Tree.Fields fields = tree.fields();
        fields.only(NAMES);
        Header header = Parts.whole(fields.bytes("header"), Header::decode);
        ValidatorSet validators = Parts.whole(fields.bytes("validators"), ValidatorSet::decode);
        List<KeyClaim> keys = fields.optional("keys")
                .map(it -> Parts.whole(it.bytes(), in -> in.list(Limits.VALIDATORS, KeyClaim::decode)))
                .orElse(List.of());
        return new Bundle(
                Receipt.decode(fields.bytes("receipt")),
                Parts.whole(fields.bytes("path"), MerkleTree.Path::decode),
                new CertifiedHeader(header, Parts.whole(fields.bytes("certificate"), Certificate::decode), keys),
                validators,
                fields.optional("anchor").map(Bundle::start).orElseGet(() -> new Start(header.height(), validators)),
                fields.items("links").stream().map(Link::of).toList(),
                fields.optional("standing").map(Standing::of));
    }

    private static Start start(Tree tree) {
        Tree.Fields fields = tree.fields();
        fields.only(Set.of("height", "validators"));
        return new Start(fields.get("height").number(), Parts.whole(fields.bytes("validators"), ValidatorSet::decode));
    }

    public String json() {
        return Json.write(tree());
    }

    /**
     * Reads a bundle; a receipt without an anchor starts at its own set.
     *
     * @throws CodecException when it is malformed
     */
    public static Bundle ofJson(String text) {
        if (text.length() > 3 * MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, text.length() + " characters");
        }
        return of(Json.read(text));
    }

    public Bytes cbor() {
        return Cbor.write(tree());
    }

    public static Bundle ofCbor(Bytes document) {
        if (document.length() > MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, document.length() + " bytes");
        }
        Tree.Fields fields = Cbor.read(document).fields();
        if (fields.optional("evidence").isPresent()) {
            throw new CodecException(Reason.UNKNOWN, "evidence stands beside a bundle in JSON only");
        }
        return of(fields);
    }

    /** Reads any of the three forms: COSE begins with its tag, CBOR with a map, and JSON with neither. */
    public static Bundle ofBytes(Bytes content) {
        int first = content.isEmpty() ? 0 : content.at(0) & 0xff;
        if (first == Cose.FIRST_BYTE) {
            return ofCose(content);
        }
        return first >= 0x80 ? ofCbor(content) : ofJson(content.asUtf8());
    }

    public Bytes cose() {
        return Cose.write(this);
    }

    public static Bundle ofCose(Bytes document) {
        return Cose.read(document);
    }

    /** The form that the contract {@code CloisterReceipts} takes: what {@code abi.encode} makes of its {@code Bundle}. */
    public Bytes abi() {
        return AbiBundle.write(this);
    }
}
