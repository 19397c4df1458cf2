package io.cloister.attestation.policy;

import io.cloister.attestation.steps.Outcome;
import io.cloister.attestation.tpm.PcrValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What may boot where the cloud owns the launch and a TPM tells of the boot.
 *
 * @param profiles by kind of evidence, {@code azure} or {@code gcp}
 * @param named {@code required}: without a profile of its kind, firmware and PCRs in it, such evidence is refused;
 *     {@code any}: then nothing is said of what booted, unless the policy names what may be launched
 */
public record BootRules(Demand named, SortedMap<String, BootProfile> profiles) {
    private static final List<String> KINDS = List.of("azure", "gcp");

    public BootRules {
        profiles = Values.sorted(profiles);
        Values.require(KINDS.containsAll(profiles.keySet()), "boot profiles are those of azure and gcp");
        Values.require(named != Demand.FORBIDDEN, "naming what boots cannot be forbidden");
    }

    /**
     * The rules of a policy.
     *
     * @param softwareNamed whether its {@link LaunchRules} name software: then a kind without a profile is refused whatever
     *     {@code named} says, as a TPM put in front of a guest would lift those lists
     */
    public List<Rule> rules(boolean softwareNamed) {
        return List.of(
                new Rule("boot-firmware", subject -> firmware(subject, softwareNamed)),
                new Rule("pcrs", subject -> pcrs(subject, softwareNamed)));
    }

    private Outcome firmware(Subject subject, boolean softwareNamed) {
        if (!subject.isMeasuredBoot()) {
            return Rule.notAsked("no TPM stands behind this evidence");
        }
        Optional<BootProfile> profile = profile(subject)
                .filter(p -> !p.measurements().isEmpty() || !p.idKeys().isEmpty());
        return profile.map(p -> {
                    boolean digest = p.measurements().contains(subject.report().measurement());
                    boolean key = p.idKeys().contains(subject.report().idKeyDigest());
                    return Rule.judge(
                            digest || key,
                            "measurement " + subject.report().measurement() + (digest ? " is" : " is not")
                                    + " allowed, ID key " + subject.report().idKeyDigest() + (key ? " is" : " is not"));
                })
                .orElseGet(() -> unnamed("firmware", subject, softwareNamed));
    }

    private Outcome pcrs(Subject subject, boolean softwareNamed) {
        if (subject.quote().isEmpty()) {
            return Rule.notAsked("no TPM stands behind this evidence");
        }
        PcrValues quoted = subject.quote().get().pcrs();
        Optional<BootProfile> profile = profile(subject).filter(p -> !p.pcrs().isEmpty());
        return profile.map(p -> {
                    List<Integer> wrong = new ArrayList<>();
                    p.pcrs().forEach((register, allowed) -> {
                        if (quoted.get(register).filter(allowed::contains).isEmpty()) {
                            wrong.add(register);
                        }
                    });
                    return Rule.judge(
                            wrong.isEmpty(),
                            wrong.isEmpty()
                                    ? "PCRs " + p.pcrs().keySet()
                                    : "PCRs " + wrong + " are not quoted or have other values");
                })
                .orElseGet(() -> unnamed("PCRs", subject, softwareNamed));
    }

    private Optional<BootProfile> profile(Subject subject) {
        return Optional.ofNullable(profiles.get(subject.kind()));
    }

    private Outcome unnamed(String what, Subject subject, boolean softwareNamed) {
        String why = "the policy names no " + what + " for " + subject.kind();
        boolean lifted = softwareNamed && profile(subject).isEmpty();
        return named == Demand.ANY && !lifted ? Rule.notAsked(why) : Rule.judge(false, why);
    }
}
