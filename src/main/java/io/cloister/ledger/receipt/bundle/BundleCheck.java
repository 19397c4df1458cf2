package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Succession;
import io.cloister.ledger.history.SetEntry;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.state.StateProof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a bundle proves to somebody who trusts an anchor. The findings stop at the first that does not hold. */
public final class BundleCheck {
    private final Bundle bundle;
    private final Anchor anchor;
    private final SignatureCheck signatures;
    private final List<Finding> findings = new ArrayList<>();
    private ValidatorSet trusted;
    private long height;
    private long epoch;

    private BundleCheck(Bundle bundle, Anchor anchor, SignatureCheck signatures) {
        this.bundle = bundle;
        this.anchor = anchor;
        this.signatures = signatures;
        this.trusted = bundle.start().validators();
        this.height = anchor.height();
    }

    /** @param signatures {@link PlainSecp256k1#isRecoverable} or a quicker one that says the same */
    public static List<Finding> check(Bundle bundle, Anchor anchor, SignatureCheck signatures) {
        BundleCheck check = new BundleCheck(bundle, anchor, signatures);
        boolean holds = check.receipt() && check.anchor() && check.links() && check.validators() && check.certificate();
        if (holds) {
            check.attestation();
        }
        return List.copyOf(check.findings);
    }

    /** Whether all findings hold. */
    public static boolean accepted(List<Finding> findings) {
        return findings.stream().allMatch(Finding::holds);
    }

    private boolean found(String name, Optional<String> flaw, String detail) {
        findings.add(new Finding(name, flaw.isEmpty(), flaw.orElse(detail)));
        return flaw.isEmpty();
    }

    private static Optional<String> unless(boolean holds, String flaw) {
        return holds ? Optional.empty() : Optional.of(flaw);
    }

    private boolean receipt() {
        Header header = bundle.header().header();
        boolean placed = bundle.receipt().height() == header.height()
                && bundle.path().index() == bundle.receipt().index();
        boolean leads = placed && bundle.path().proves(bundle.receipt().encode(), header.receiptsRoot());
        return found(
                "receipt",
                unless(leads, "the path does not lead to the header's receipts root"),
                "leaf " + bundle.path().index() + " of block " + header.height());
    }

    private boolean anchor() {
        boolean same = bundle.start().anchor().equals(anchor);
        return found(
                "anchor", unless(same, "the bundle starts at " + bundle.start().anchor()), age());
    }

    /** How far the anchor is from the receipt, and the time of a block that the anchor's set signed. */
    private String age() {
        CertifiedHeader first = !bundle.links().isEmpty()
                ? bundle.links().getFirst().header()
                : bundle.standing().map(Standing::header).orElse(bundle.header());
        long blocks = bundle.header().header().height() - anchor.height();
        return Math.abs(blocks) + " blocks " + (blocks < 0 ? "newer" : "older") + " than the receipt, which is of "
                + Instant.ofEpochMilli(bundle.header().header().timeMillis()) + "; what its set signed here is of "
                + Instant.ofEpochMilli(first.header().timeMillis());
    }

    /** Each link's header is certified by the set before it, or by the one that its opening makes of that set. */
    private boolean links() {
        Optional<String> flaw = Optional.empty();
        for (Link link : bundle.links()) {
            Header header = link.header().header();
            Optional<ValidatorSet> deciding = link.opening().isPresent()
                    ? Succession.validators(epoch, trusted, header, link.opening(), signatures)
                    : Optional.of(trusted);
            flaw = deciding.isEmpty()
                    ? Optional.of("the opening at height " + header.height() + " proves nothing")
                    : unless(!header.opens() || link.opening().isPresent(), "an opening is missing")
                            .or(() -> certified(link.header(), deciding.get()))
                            .or(() -> unless(
                                    header.nextValidatorsHash()
                                            .equals(link.next().hash()),
                                    "height " + header.height() + " names another next set"));
            if (flaw.isPresent()) {
                break;
            }
            trusted = link.next();
            height = header.height() + 1;
            epoch = header.epoch();
        }
        return found("links", flaw, bundle.links().size() + " changes of the validators");
    }

    /** Whether this set decided the header, which follows on what was checked before. */
    private Optional<String> certified(CertifiedHeader it, ValidatorSet set) {
        Header header = it.header();
        if (!header.chainId().equals(bundle.header().header().chainId())) {
            return Optional.of("height " + header.height() + " is of another chain");
        }
        if (header.height() < height || header.epoch() < epoch) {
            return Optional.of("height " + header.height() + " in epoch " + header.epoch() + " does not follow");
        }
        return it.certificate().flaw(header, set, it.keys(), signatures).map(Certificate.Flaw::name);
    }

    private boolean validators() {
        if (bundle.standing().isEmpty()) {
            Header header = bundle.header().header();
            boolean own = header.validatorsHash().equals(trusted.hash());
            boolean follows = bundle.links().isEmpty() || (header.height() >= height && header.epoch() >= epoch);
            return found(
                    "validators",
                    unless(own && follows, "the links do not lead to the header's set"),
                    "the set of the block");
        }
        Standing standing = bundle.standing().get();
        Optional<String> flaw = certifiedStanding(standing).or(() -> logged(standing));
        return found(
                "validators",
                flaw,
                "entry " + standing.at().entry().index() + " of the validators' history at height "
                        + standing.header().header().height());
    }

    private Optional<String> certifiedStanding(Standing standing) {
        height = bundle.links().isEmpty() ? 0 : height;
        return certified(standing.header(), trusted);
    }

    /** The entry of the header's epoch with the greatest height that is not above the header's names the set. */
    private Optional<String> logged(Standing standing) {
        StateProof history = standing.history();
        Header top = standing.header().header();
        if (!history.key().equals(Standing.HISTORY) || !history.proves(top.stateRoot())) {
            return Optional.of("the history is not the state's");
        }
        Reader in = new Reader(history.value());
        long size = in.u64();
        Bytes root = in.fixed(32);
        Header header = bundle.header().header();
        SetEntry at = standing.at().entry();
        boolean inForce = at.epoch() == header.epoch()
                && at.height() <= header.height()
                && header.height() <= top.height()
                && at.validatorsHash().equals(header.validatorsHash());
        boolean last = standing.after()
                .map(it -> it.isOf(size, root)
                        && it.entry().index() == at.index() + 1
                        && it.entry().isAfter(header.epoch(), header.height()))
                .orElse(size - 1 == at.index());
        return unless(
                inForce && last && standing.at().isOf(size, root),
                "the history does not say that the set was in force at the receipt's block");
    }

    private boolean certificate() {
        CertifiedHeader it = bundle.header();
        Optional<String> flaw = it.certificate()
                .flaw(it.header(), bundle.validators(), it.keys(), signatures)
                .map(Certificate.Flaw::name);
        int signed = it.certificate().signatures().size();
        return found("certificate", flaw, signed + " of " + bundle.validators().size() + " validators signed");
    }

    /** Which of the block's vote keys the newer state has on record, and with which evidence. */
    private void attestation() {
        TreeMap<Integer, String> digests = new TreeMap<>();
        Optional<String> flaw = Optional.empty();
        for (StateProof proof : bundle.standing().map(Standing::members).orElse(List.of())) {
            Bytes root = bundle.standing().orElseThrow().header().header().stateRoot();
            if (!proof.key().startsWith(Standing.MEMBER) || !proof.proves(root)) {
                flaw = Optional.of("a member that is not in the state");
                break;
            }
            try {
                Member member = Member.decode(proof.value());
                bundle.validators()
                        .bySlot(member.slot())
                        .map(Validator::voteKey)
                        .filter(member.voteKey()::equals)
                        .ifPresent(key -> digests.put(member.slot(), member.grade() + " " + member.evidenceDigest()));
            } catch (CodecException e) {
                flaw = Optional.of("a member that is none");
            }
        }
        found("attestation", flaw, "evidence on record: " + digests);
    }
}
