package io.cloister.attestation.policy;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.SortedSet;

/**
 * What was launched. Every list that is not empty must have the report's value; where the cloud owns the launch,
 * {@link BootRules} take the place of the three lists that name software.
 *
 * @param named {@code required}: the policy must name what may run, by at least one of the lists that name software;
 *     {@code any}: it may be silent, and then nothing is said of what runs
 * @param measurements launch digests, 48 bytes
 * @param idKeys SHA-384 of ID keys
 * @param authorKeys SHA-384 of author keys; the report must say that it has one
 * @param minimumGuestSvn least security version that the ID block states
 * @param familyIds 16 bytes each
 * @param imageIds 16 bytes each
 * @param hostData 32 bytes each
 * @param maximumVmpl the least privileged level that may have asked, 0 to 3; behind Azure's paravisor only 0 may
 */
public record LaunchRules(
        Demand named,
        SortedSet<Bytes> measurements,
        SortedSet<Bytes> idKeys,
        SortedSet<Bytes> authorKeys,
        long minimumGuestSvn,
        SortedSet<Bytes> familyIds,
        SortedSet<Bytes> imageIds,
        SortedSet<Bytes> hostData,
        int maximumVmpl) {
    private static final int DIGEST = 48;
    private static final int ID = 16;
    private static final int HOST_DATA = 32;
    private static final long MAX_SVN = 0xffff_ffffL;

    public LaunchRules {
        measurements = Values.sized(measurements, DIGEST, "measurement");
        idKeys = Values.sized(idKeys, DIGEST, "ID key's digest");
        authorKeys = Values.sized(authorKeys, DIGEST, "author key's digest");
        familyIds = Values.sized(familyIds, ID, "family id");
        imageIds = Values.sized(imageIds, ID, "image id");
        hostData = Values.sized(hostData, HOST_DATA, "value of host data");
        Values.require(named != Demand.FORBIDDEN, "naming what runs cannot be forbidden");
        Values.require(
                !idKeys.contains(Bytes.zeros(DIGEST)) && !authorKeys.contains(Bytes.zeros(DIGEST)),
                "a key digest of zeros means that there is no key");
        Values.require(minimumGuestSvn >= 0 && minimumGuestSvn <= MAX_SVN, "a guest SVN has 32 bits");
        Values.require(maximumVmpl >= 0 && maximumVmpl <= 3, "VMPLs are 0 to 3");
    }

    public List<Rule> rules() {
        return List.of(
                new Rule("launch", this::launch),
                new Rule(
                        "measurement", s -> software(s, measurements, s.report().measurement(), "measurements")),
                new Rule("id-key", s -> software(s, idKeys, s.report().idKeyDigest(), "ID keys")),
                new Rule("author-key", this::authorKey),
                new Rule("guest-svn", this::guestSvn),
                new Rule("family-id", s -> Rule.oneOf(familyIds, s.report().familyId(), "family ids")),
                new Rule("image-id", s -> Rule.oneOf(imageIds, s.report().imageId(), "image ids")),
                new Rule("host-data", s -> Rule.oneOf(hostData, s.report().hostData(), "host data")),
                new Rule("vmpl", this::vmpl));
    }

    /** Whether one of the lists that name software has a value. */
    public boolean namesSoftware() {
        return !measurements.isEmpty() || !idKeys.isEmpty() || !authorKeys.isEmpty();
    }

    private Outcome launch(Subject subject) {
        if (subject.isMeasuredBoot()) {
            return Rule.notAsked("the cloud owns the launch: its boot profile is judged");
        }
        boolean names = namesSoftware();
        if (named == Demand.ANY) {
            return Rule.notAsked(
                    names ? "the lists below decide" : "the policy does not judge what software was launched");
        }
        return Rule.judge(
                names, names ? "the lists below decide" : "the policy names no measurements, ID keys or author keys");
    }

    private static Outcome software(Subject subject, SortedSet<Bytes> allowed, Bytes value, String what) {
        return subject.isMeasuredBoot()
                ? Rule.notAsked("the cloud owns the launch: its boot profile is judged")
                : Rule.oneOf(allowed, value, what);
    }

    private Outcome authorKey(Subject subject) {
        AttestationReport report = subject.report();
        Outcome listed = software(subject, authorKeys, report.authorKeyDigest(), "author keys");
        boolean unsaid = listed instanceof Outcome.Passed && !report.authorKeyEnabled();
        return unsaid ? Rule.judge(false, "the report does not say that an author key was used") : listed;
    }

    private Outcome guestSvn(Subject subject) {
        long found = subject.report().guestSvn();
        return minimumGuestSvn == 0
                ? Rule.notAsked("the policy demands no guest SVN, the report has " + found)
                : Rule.judge(found >= minimumGuestSvn, found + ", at least " + minimumGuestSvn);
    }

    private Outcome vmpl(Subject subject) {
        int found = subject.report().vmpl();
        int most = subject.isBehindParavisor() ? 0 : maximumVmpl;
        return Rule.judge(found <= most, found + ", at most " + most);
    }
}
