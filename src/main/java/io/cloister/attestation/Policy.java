package io.cloister.attestation;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a verifier accepts. Allow-lists: what is not named is refused, so a policy without measurements refuses
 * everything and Milan, whose endorsement keys can be read out of the chip, is refused unless it is named.
 *
 * @param name for people, 1 to 64 characters
 * @param measurements launch digests of 48 bytes
 * @param productLines lines that may attest
 * @param minimumTcb least REPORTED_TCB of each line; a line without one is refused
 * @param guest rules about the guest's launch policy
 * @param maximumVmpl the least privileged level that may have asked, 0 to 3
 * @param custody who has the chip of an id in hand; other chips count as owner-held
 * @param testRoots SHA-256 of the SubjectPublicKeyInfo of test roots that alone make a simulated chain acceptable
 */
public record Policy(
        String name,
        SortedSet<Bytes> measurements,
        SortedSet<ProductLine> productLines,
        SortedMap<ProductLine, Tcb> minimumTcb,
        GuestRules guest,
        int maximumVmpl,
        SortedMap<Bytes, Custody> custody,
        SortedSet<Bytes> testRoots) {
    /** Bytes of a policy document, at most. */
    public static final int MAX_SIZE = 256 * 1024;

    private static final Bytes LABEL = Bytes.utf8("cloister/policy/v1");
    private static final int MAX_NAME = 64;

    /**
     * Rules about GuestPolicy: what a guest may have been launched with.
     *
     * @param debugAllowed whether the host may read the guest's memory
     * @param migrationAgentAllowed whether a migration agent may move the guest
     * @param smtAllowed whether the guest may run beside a sibling thread
     * @param singleSocketRequired whether the guest must be kept to one socket
     * @param minimumAbiMajor least major version of the firmware's interface that the guest demanded
     * @param minimumAbiMinor least minor version under an equal major version
     */
    public record GuestRules(
            boolean debugAllowed,
            boolean migrationAgentAllowed,
            boolean smtAllowed,
            boolean singleSocketRequired,
            int minimumAbiMajor,
            int minimumAbiMinor) {
        /** No debugging, no migration agent, SMT allowed. */
        public static final GuestRules STRICT = new GuestRules(false, false, true, false, 0, 0);
    }

    public Policy {
        measurements = sorted(measurements);
        productLines = sorted(productLines);
        minimumTcb = Collections.unmodifiableSortedMap(new TreeMap<>(minimumTcb));
        custody = Collections.unmodifiableSortedMap(new TreeMap<>(custody));
        testRoots = sorted(testRoots);
        require(!name.isEmpty() && name.length() <= MAX_NAME, "a policy's name has 1 to 64 characters");
        require(measurements.stream().allMatch(digest -> digest.length() == 48), "a measurement has 48 bytes");
        require(testRoots.stream().allMatch(digest -> digest.length() == 32), "a test root's digest has 32 bytes");
        require(maximumVmpl >= 0 && maximumVmpl <= 3, "VMPLs are 0 to 3");
        require(!custody.containsValue(Custody.SIMULATED), "custody of a chip cannot be simulated");
        minimumTcb.forEach((line, tcb) -> require(
                tcb.layout() == line.tcbLayout(), "the minimum TCB of " + line.title() + " is of another layout"));
    }

    /**
     * A policy for networks of simulated or own machines: Genoa and Turin at any TCB, these measurements, these test
     * roots.
     */
    public static Policy devnet(Collection<Bytes> measurements, Collection<Bytes> testRoots) {
        return new Policy(
                "devnet",
                new TreeSet<>(measurements),
                new TreeSet<>(Set.of(ProductLine.GENOA, ProductLine.TURIN)),
                new TreeMap<>(Map.of(
                        ProductLine.GENOA,
                        Tcb.early(0, 0, 0, 0),
                        ProductLine.TURIN,
                        new Tcb(ProductLine.TURIN.tcbLayout(), 0, 0, 0, 0, 0))),
                GuestRules.STRICT,
                0,
                new TreeMap<>(),
                new TreeSet<>(testRoots));
    }

    /**
     * Reads a JSON document. Strict: every member must be there, none may be unknown, doubled or of another type.
     *
     * @throws CodecException BAD_TEXT (not such a document), TOO_LONG, OUT_OF_RANGE (a value that cannot be)
     */
    public static Policy parse(Bytes json) {
        return AttestationJson.policy(json);
    }

    /** The JSON document for people, with line breaks; {@link #parse} reads it back. */
    public String toJson() {
        return AttestationJson.pretty(AttestationJson.document(this));
    }

    /** SHA-256("cloister/policy/v1" || canonical JSON): equal exactly for equal policies. */
    public Bytes digest() {
        return Hashes.sha256(LABEL, Bytes.utf8(AttestationJson.write(AttestationJson.document(this))));
    }

    private static <T extends Comparable<T>> SortedSet<T> sorted(Collection<T> values) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, otherwise);
        }
    }
}
