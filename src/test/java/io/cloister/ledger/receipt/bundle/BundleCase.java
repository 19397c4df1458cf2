package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.state.StateProof;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bundle and what every verifier has to say of it.
 *
 * @param fails the first finding that does not hold, empty for a good bundle
 */
public record BundleCase(String name, String json, Anchor anchor, String fails) {

    private static final BigInteger Q =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    public static List<BundleCase> all(BundledChain chain) {
        List<BundleCase> cases = new ArrayList<>();
        Bundle forward = chain.bundle(11, 1);
        Bundle backward = chain.bundle(1, BundledChain.HEIGHTS);
        Bundle middle = chain.bundle(7, 4);
        Bundle late = chain.bundle(13, 1);
        Bundle direct = new Bundle(
                backward.receipt(),
                backward.path(),
                backward.header(),
                backward.validators(),
                new Bundle.Start(1, backward.validators()),
                List.of(),
                Optional.empty());
        good(cases, "from an older anchor", forward);
        good(cases, "from a newer anchor", backward);
        good(cases, "over a recovery", middle);
        good(cases, "by its own set", direct);
        good(cases, "decided with the keys of a later epoch", late);

        Receipt receipt = forward.receipt();
        bad(
                cases,
                "another receipt",
                "receipt",
                with(
                        forward,
                        new Receipt(
                                receipt.height(),
                                receipt.index(),
                                receipt.transactionHash(),
                                receipt.module(),
                                receipt.kind(),
                                "another",
                                receipt.events()),
                        forward.header()));
        cases.add(new BundleCase(
                "an anchor that nobody trusts",
                forward.json(),
                new Anchor(1, backward.start().validators().hash()),
                "anchor"));
        cases.add(new BundleCase(
                "an anchor of another height",
                forward.json(),
                new Anchor(2, forward.start().validators().hash()),
                "anchor"));
        bad(
                cases,
                "a link left out",
                "links",
                links(forward, forward.links().subList(1, forward.links().size())));
        bad(
                cases,
                "the last link left out",
                "validators",
                links(forward, forward.links().subList(0, forward.links().size() - 1)));
        bad(
                cases,
                "links in another order",
                "links",
                links(forward, replaced(forward.links(), 2, forward.links().get(1))));
        Link opened = forward.links().get(1);
        bad(
                cases,
                "an opening left out",
                "links",
                links(
                        forward,
                        replaced(forward.links(), 1, new Link(opened.header(), Optional.empty(), opened.next()))));
        List<Statement> statements = opened.opening().orElseThrow().statements();
        Opening fewer = new Opening(statements.subList(0, 2), KeyClaim.UNSIGNED);
        bad(
                cases,
                "a statement left out",
                "links",
                links(
                        forward,
                        replaced(forward.links(), 1, new Link(opened.header(), Optional.of(fewer), opened.next()))));
        Link first = forward.links().getFirst();
        bad(
                cases,
                "a next set that the header does not name",
                "links",
                links(forward, List.of(new Link(first.header(), Optional.empty(), forward.validators()))));
        Standing standing = backward.standing().orElseThrow();
        bad(
                cases,
                "another entry of the history",
                "validators",
                standing(
                        backward,
                        new Standing(
                                standing.header(),
                                standing.history(),
                                middle.standing().orElseThrow().at(),
                                middle.standing().orElseThrow().after(),
                                List.of())));
        bad(
                cases,
                "the entry behind left out",
                "validators",
                standing(
                        backward,
                        new Standing(
                                standing.header(), standing.history(), standing.at(), Optional.empty(), List.of())));
        bad(
                cases,
                "a state proof of another key",
                "validators",
                standing(
                        backward,
                        new Standing(
                                standing.header(),
                                standing.members().getFirst(),
                                standing.at(),
                                standing.after(),
                                List.of())));
        StateProof member = standing.members().getFirst();
        StateProof forged = new StateProof(member.key(), Bytes.concat(member.value(), Bytes.zeros(1)), member.steps());
        bad(
                cases,
                "a member that is not in the state",
                "attestation",
                standing(
                        backward,
                        new Standing(
                                standing.header(),
                                standing.history(),
                                standing.at(),
                                standing.after(),
                                List.of(forged))));
        paths(cases, backward);
        signatures(cases, backward);
        certificates(cases, backward);
        claims(cases, late);
        return cases;
    }

    private static void paths(List<BundleCase> cases, Bundle it) {
        MerkleTree.Path path = it.path();
        MerkleTree.Path other =
                new MerkleTree.Path(path.index(), path.size() + 1, List.of(Bytes.zeros(32), Bytes.zeros(32)));
        MerkleTree.Path next = new MerkleTree.Path(path.index() + 1, path.size() + 1, path.siblings());
        bad(cases, "a path of another tree", "receipt", with(it, it.receipt(), other, it.header()));
        bad(cases, "a path of another leaf", "receipt", with(it, it.receipt(), next, it.header()));
    }

    private static void certificates(List<BundleCase> cases, Bundle it) {
        Certificate old = it.header().certificate();
        List<CommitSignature> all = old.signatures();
        List<CommitSignature> unknown = new ArrayList<>(all);
        unknown.add(new CommitSignature(9, all.getFirst().signature()));
        bad(cases, "a signature of a slot that is none", "certificate", signed(it, unknown));
        Map<String, Certificate> others = new TreeMap<>(Map.of(
                "another height", new Certificate(old.epoch(), old.height() + 1, old.round(), old.blockId(), all),
                "another round", new Certificate(old.epoch(), old.height(), old.round() + 1, old.blockId(), all),
                "another block", new Certificate(old.epoch(), old.height(), old.round(), Bytes.zeros(32), all),
                "a later epoch", new Certificate(old.epoch() + 1, old.height(), old.round(), old.blockId(), all)));
        others.forEach((what, other) ->
                bad(cases, "a certificate of " + what, "certificate", certified(it, other, List.of())));
    }

    private static void claims(List<BundleCase> cases, Bundle it) {
        Certificate certificate = it.header().certificate();
        List<KeyClaim> keys = it.header().keys();
        KeyClaim first = keys.getFirst();
        KeyClaim forged = first.signed(keys.get(1).signature());
        KeyClaim later = new KeyClaim(
                first.chainId(),
                first.fromEpoch(),
                first.recovery() + 1,
                first.slot(),
                first.voteKey(),
                first.bootCounter(),
                first.evidenceHash(),
                first.baseHash(),
                first.polkaHash(),
                first.signature());
        bad(cases, "no key claims", "certificate", certified(it, certificate, List.of()));
        bad(cases, "a key claim left out", "certificate", certified(it, certificate, keys.subList(1, 3)));
        bad(cases, "a forged key claim", "certificate", certified(it, certificate, replaced(keys, 0, forged)));
        bad(
                cases,
                "a key claim of another recovery",
                "certificate",
                certified(it, certificate, replaced(keys, 0, later)));
        bad(cases, "two claims of one slot", "certificate", certified(it, certificate, replaced(keys, 1, first)));
        List<KeyClaim> turned = List.of(keys.get(2), keys.get(0), keys.get(1));
        good(cases, "key claims in another order", certified(it, certificate, turned));
        int last = it.links().size() - 2;
        Link link = it.links().get(last);
        CertifiedHeader bare =
                new CertifiedHeader(link.header().header(), link.header().certificate(), List.of());
        bad(
                cases,
                "no key claims in a link",
                "links",
                links(it, replaced(it.links(), last, new Link(bare, link.opening(), link.next()))));
    }

    private static <T> List<T> replaced(List<T> all, int place, T by) {
        List<T> changed = new ArrayList<>(all);
        changed.set(place, by);
        return changed;
    }

    private static void signatures(List<BundleCase> cases, Bundle bundle) {
        List<CommitSignature> all = bundle.header().certificate().signatures();
        bad(cases, "two of four signatures", "certificate", signed(bundle, all.subList(0, 2)));
        List<CommitSignature> swapped = new ArrayList<>(all);
        swapped.set(2, new CommitSignature(all.get(2).slot(), all.get(1).signature()));
        bad(cases, "a signature of somebody else", "certificate", signed(bundle, swapped));
        List<CommitSignature> high = new ArrayList<>(all);
        high.set(
                0,
                new CommitSignature(all.getFirst().slot(), high(all.getFirst().signature())));
        bad(cases, "a signature with high s", "certificate", signed(bundle, high));
        List<CommitSignature> other = new ArrayList<>(all);
        Bytes signature = all.getFirst().signature();
        other.set(0, new CommitSignature(all.getFirst().slot(), Bytes.concat(signature.slice(0, 64), Bytes.of((byte)
                (signature.at(64) ^ 1)))));
        bad(cases, "a signature with another recovery id", "certificate", signed(bundle, other));
        Bytes beyond = Bytes.concat(signature.slice(0, 64), Bytes.of((byte) (signature.at(64) | 2)));
        bad(
                cases,
                "a signature with a recovery id beyond the order",
                "certificate",
                signed(
                        bundle,
                        replaced(all, 0, new CommitSignature(all.getFirst().slot(), beyond))));
    }

    private static Bytes high(Bytes signature) {
        BigInteger s = Q.subtract(new BigInteger(1, signature.slice(32, 32).toArray()));
        byte[] number = s.toByteArray();
        return Bytes.concat(signature.slice(0, 32), Bytes.wrap(number).slice(number.length - 32, 32), Bytes.of((byte)
                (signature.at(64) ^ 1)));
    }

    private static void good(List<BundleCase> cases, String name, Bundle bundle) {
        bad(cases, name, "", bundle);
    }

    private static void bad(List<BundleCase> cases, String name, String fails, Bundle bundle) {
        cases.add(new BundleCase(name, bundle.json(), bundle.start().anchor(), fails));
    }

    private static Bundle with(Bundle it, Receipt receipt, CertifiedHeader header) {
        return with(it, receipt, it.path(), header);
    }

    private static Bundle with(Bundle it, Receipt receipt, MerkleTree.Path path, CertifiedHeader header) {
        return new Bundle(receipt, path, header, it.validators(), it.start(), it.links(), it.standing());
    }

    private static Bundle signed(Bundle it, List<CommitSignature> signatures) {
        Certificate old = it.header().certificate();
        Certificate certificate = new Certificate(old.epoch(), old.height(), old.round(), old.blockId(), signatures);
        return certified(it, certificate, List.of());
    }

    private static Bundle certified(Bundle it, Certificate certificate, List<KeyClaim> keys) {
        return with(it, it.receipt(), new CertifiedHeader(it.header().header(), certificate, keys));
    }

    private static Bundle links(Bundle it, List<Link> links) {
        return new Bundle(it.receipt(), it.path(), it.header(), it.validators(), it.start(), links, it.standing());
    }

    private static Bundle standing(Bundle it, Standing standing) {
        return new Bundle(
                it.receipt(), it.path(), it.header(), it.validators(), it.start(), it.links(), Optional.of(standing));
    }
}
