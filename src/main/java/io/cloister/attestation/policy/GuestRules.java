package io.cloister.attestation.policy;

import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.steps.Outcome;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the guest's launch policy may be (AMD 56860, guest policy): the firmware's interface and nine bits.
 *
 * @param minimumAbiMajor least major version of the firmware's interface that the guest demanded
 * @param minimumAbiMinor least minor version under an equal major version
 * @param smt bit 16: the guest may run beside a sibling thread
 * @param migrationAgent bit 18: a migration agent may move the guest
 * @param debug bit 19: the host may read and write the guest's memory
 * @param singleSocket bit 20: the guest is kept to one socket
 * @param cxl bit 21: CXL devices and memory may be used
 * @param aes256Xts bit 22: memory is encrypted with AES-256-XTS only
 * @param raplDisabled bit 23: power readings are off
 * @param ciphertextHiding bit 24: the host cannot read ciphertext
 * @param pageSwapDisabled bit 25: the host cannot move or swap the guest's pages
 */
public record GuestRules(
        int minimumAbiMajor,
        int minimumAbiMinor,
        Demand smt,
        Demand migrationAgent,
        Demand debug,
        Demand singleSocket,
        Demand cxl,
        Demand aes256Xts,
        Demand raplDisabled,
        Demand ciphertextHiding,
        Demand pageSwapDisabled) {
    private static final int MAX_VERSION = 255;

    public GuestRules {
        Values.require(
                minimumAbiMajor >= 0
                        && minimumAbiMajor <= MAX_VERSION
                        && minimumAbiMinor >= 0
                        && minimumAbiMinor <= MAX_VERSION,
                "a version of the firmware's interface is 0.0 to 255.255");
    }

    public List<Rule> rules() {
        return List.of(
                new Rule("guest-abi", this::abi),
                bit("guest-smt", smt, GuestPolicy::smtAllowed, "SMT is allowed", "SMT is not allowed"),
                bit(
                        "guest-migration-agent",
                        migrationAgent,
                        GuestPolicy::migrationAgentAllowed,
                        "a migration agent may move the guest",
                        "no migration agent"),
                bit(
                        "guest-debug",
                        debug,
                        GuestPolicy::debugAllowed,
                        "the host may read and write the guest's memory",
                        "no debugging"),
                bit(
                        "guest-single-socket",
                        singleSocket,
                        GuestPolicy::singleSocketRequired,
                        "kept to one socket",
                        "not kept to one socket"),
                bit("guest-cxl", cxl, GuestPolicy::cxlAllowed, "CXL is allowed", "CXL is not allowed"),
                bit(
                        "guest-aes-256-xts",
                        aes256Xts,
                        GuestPolicy::aes256XtsRequired,
                        "AES-256-XTS is demanded",
                        "AES-256-XTS is not demanded"),
                bit(
                        "guest-rapl",
                        raplDisabled,
                        GuestPolicy::raplDisabled,
                        "power readings must be off",
                        "power readings may be on"),
                bit(
                        "guest-ciphertext-hiding",
                        ciphertextHiding,
                        GuestPolicy::ciphertextHidingRequired,
                        "ciphertext hiding is demanded",
                        "ciphertext hiding is not demanded"),
                bit(
                        "guest-page-swap",
                        pageSwapDisabled,
                        GuestPolicy::pageSwapDisabled,
                        "page swapping is off",
                        "page swapping is allowed"));
    }

    private Outcome abi(Subject subject) {
        GuestPolicy guest = subject.report().policy();
        String found = guest.abiMajor() + "." + guest.abiMinor();
        if (minimumAbiMajor == 0 && minimumAbiMinor == 0) {
            return Rule.notAsked("the policy demands no version, the guest did " + found);
        }
        boolean holds = guest.abiMajor() > minimumAbiMajor
                || guest.abiMajor() == minimumAbiMajor && guest.abiMinor() >= minimumAbiMinor;
        return Rule.judge(holds, found + ", at least " + minimumAbiMajor + "." + minimumAbiMinor);
    }

    private static Rule bit(String name, Demand demand, Predicate<GuestPolicy> test, String whenSet, String whenNot) {
        return new Rule(name, s -> demand.judge(test.test(s.report().policy()), whenSet, whenNot));
    }
}
