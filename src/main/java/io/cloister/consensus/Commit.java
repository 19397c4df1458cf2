package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The certificate of a block as the next block carries it: with every precommit that its proposer held and with their
 * vote extensions.
 *
 * @param keys the keys of the certificate's epoch when that is later than the block's, else empty
 * @param extensions in strictly rising order of slots, each of a slot that signed the certificate
 */
public record Commit(Certificate certificate, List<KeyClaim> keys, List<OfSlot> extensions) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/commit/v1");

    /** One validator's extension. */
    public record OfSlot(int slot, Extension extension) {}

    public Commit {
        keys = List.copyOf(keys);
        extensions = List.copyOf(extensions);
        Limits.require(keys.size() <= Limits.VALIDATORS, keys.size() + " key claims");
        int last = 0;
        for (OfSlot each : extensions) {
            boolean signed = certificate.signatures().stream().anyMatch(it -> it.slot() == each.slot());
            if (each.slot() <= last || !signed) {
                throw new CodecException(Reason.NOT_CANONICAL, "extensions not of rising slots that signed");
            }
            last = each.slot();
        }
    }

    /** The proof of a block with the extensions of those of its precommits that are held. */
    public static Commit of(CertifiedHeader block, List<Vote> precommits) {
        Certificate certificate = block.certificate();
        SortedMap<Integer, OfSlot> extensions = new TreeMap<>();
        for (Vote vote : precommits) {
            boolean signed = vote.round() == certificate.round()
                    && vote.epoch() == certificate.epoch()
                    && certificate.signatures().stream().anyMatch(it -> it.slot() == vote.slot());
            vote.extension()
                    .filter(it -> signed)
                    .ifPresent(it -> extensions.put(vote.slot(), new OfSlot(vote.slot(), it)));
        }
        return new Commit(certificate, block.keys(), List.copyOf(extensions.values()));
    }

    /**
     * Whether certificate and extensions are genuine.
     *
     * @param header of the block that it commits
     * @param validators that the header names
     */
    public Optional<Certificate.Flaw> flaw(Header header, ValidatorSet validators, SignatureCheck check) {
        Optional<Certificate.Flaw> flaw = certificate.flaw(header, validators, keys, check);
        if (flaw.isPresent()) {
            return flaw;
        }
        ValidatorSet voters = certificate.epoch() == header.epoch()
                ? validators
                : KeyClaim.replaced(validators, keys).orElseThrow();
        for (OfSlot each : extensions) {
            Bytes digest = SignBytes.extension(
                    header.chainId(),
                    certificate.epoch(),
                    certificate.height(),
                    certificate.round(),
                    certificate.blockId(),
                    each.extension().data());
            Bytes key = voters.bySlot(each.slot()).orElseThrow().voteKey();
            if (!check.genuine(key, digest, each.extension().signature())) {
                return Optional.of(Certificate.Flaw.BAD_SIGNATURE);
            }
        }
        return Optional.empty();
    }

    /** SHA-256 over the domain and the encoding; stands in the next header. */
    public Bytes hash() {
        Writer writer = new Writer();
        encode(writer);
        return Hashes.sha256(DOMAIN, writer.toBytes());
    }

    public void encode(Writer writer) {
        certificate.encode(writer);
        writer.list(keys, (w, it) -> it.encode(w))
                .list(extensions, (w, it) -> it.extension().encode(w.u16(it.slot())));
    }

    public static Commit decode(Reader reader) {
        return new Commit(
                Certificate.decode(reader),
                reader.list(Limits.VALIDATORS, KeyClaim::decode),
                reader.list(Limits.VALIDATORS, r -> new OfSlot(r.u16(), Extension.decode(r))));
    }
}
