package io.cloister.cli;

import io.cloister.attestation.release.GuestVerifier;
import io.cloister.attestation.release.IdBlockVerifier;
import io.cloister.attestation.release.Maintainers;
import io.cloister.attestation.release.ReleaseManifest;
import io.cloister.attestation.release.ReleaseRequest;
import io.cloister.attestation.release.ReleaseTool;
import io.cloister.attestation.release.ReleaseVerdict;
import io.cloister.attestation.release.ReleaseVerification;
import io.cloister.attestation.release.Rung;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges a release, an ID block that is to launch it, and a guest that says it runs it. */
final class ReleaseVerify {
    private static final String USAGE = "say: release verify --manifest FILE --signatures FILE --maintainers FILE"
            + " [--revocations FILE --revocation-signatures FILE] [--seen FILE] [--war FILE] [--policy FILE]"
            + " [--id-block FILE --id-auth FILE] " + GuestOptions.USAGE + " [--json]";
    private static final Set<String> OPTIONS = Stream.concat(
                    Stream.of(
                            "--manifest",
                            "--signatures",
                            "--maintainers",
                            "--revocations",
                            "--revocation-signatures",
                            "--seen",
                            "--war",
                            "--policy",
                            "--id-block",
                            "--id-auth"),
                    GuestOptions.OPTIONS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> FLAGS =
            Stream.concat(Stream.of("--json"), GuestOptions.FLAGS.stream()).collect(Collectors.toUnmodifiableSet());

    private final PrintStream out;

    ReleaseVerify(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, OPTIONS, FLAGS);
        if (!arguments.positional().isEmpty() || arguments.option("--manifest").isEmpty()) {
            throw new CommandFailed(2, USAGE);
        }
        Optional<Bytes> policy = InputFile.optional("--policy", arguments).map(InputFile::read);
        ReleaseRequest request = request(arguments, policy);
        Optional<Launch> launch = launch(arguments);
        Optional<GuestFiles> guest = GuestOptions.read(arguments);
        ReleaseVerification release = verify(request, InputFile.optional("--seen", arguments));
        ReleaseVerdict verdict = release.verdict();
        if (launch.isPresent()) {
            verdict = verdict.and(launch.get().verify(release.manifest()));
        }
        if (guest.isPresent()) {
            Set<Bytes> testRoots = policy.flatMap(GuestVerifier::policy)
                    .<Set<Bytes>>map(found -> found.roots().testRoots())
                    .orElse(Set.of());
            verdict = verdict.and(
                    GuestVerifier.verify(release.manifest(), policy, guest.get().examine(testRoots)));
        }
        if (arguments.has("--json")) {
            out.println(verdict.toJson());
        } else {
            print(verdict);
        }
        return verdict.accepted() ? 0 : 1;
    }

    private static ReleaseVerification verify(ReleaseRequest request, Optional<Path> seen) throws IOException {
        if (seen.isEmpty()) {
            return ReleaseTool.verify(request);
        }
        try (SeenFile file = SeenFile.open(seen.get())) {
            ReleaseVerification answer = ReleaseTool.verify(request.withSeen(file.before()));
            file.keep(answer.seen());
            return answer;
        }
    }

    private static ReleaseRequest request(Arguments arguments, Optional<Bytes> policy) {
        ReleaseRequest request = ReleaseRequest.of(
                read("--manifest", arguments),
                read("--signatures", arguments),
                maintainers(InputFile.path("--maintainers", arguments)));
        if (bothOrNone("--revocations", "--revocation-signatures", arguments)) {
            request = request.withRevocations(
                    read("--revocations", arguments), read("--revocation-signatures", arguments));
        }
        Optional<Path> war = InputFile.optional("--war", arguments);
        if (war.isPresent()) {
            request = request.withWarDigest(WarFile.digest(war.get()));
        }
        return policy.isPresent() ? request.withPolicy(policy.get()) : request;
    }

    private static Maintainers maintainers(Path file) {
        try {
            return Maintainers.decode(InputFile.read(file));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }

    private static Bytes read(String option, Arguments arguments) {
        return InputFile.read(InputFile.path(option, arguments));
    }

    private static boolean bothOrNone(String one, String other, Arguments arguments) {
        boolean given = arguments.option(one).isPresent();
        if (given != arguments.option(other).isPresent()) {
            throw new CommandFailed(2, one + " and " + other + " go together");
        }
        return given;
    }

    private record Launch(Bytes block, Bytes auth) {
        ReleaseVerdict verify(Optional<ReleaseManifest> release) {
            return release.map(accepted -> IdBlockVerifier.verify(block, auth, accepted))
                    .orElseGet(IdBlockVerifier::notJudged);
        }
    }

    private static Optional<Launch> launch(Arguments arguments) {
        return bothOrNone("--id-block", "--id-auth", arguments)
                ? Optional.of(new Launch(read("--id-block", arguments), read("--id-auth", arguments)))
                : Optional.empty();
    }

    private void print(ReleaseVerdict verdict) {
        out.println("release " + verdict.claims().getOrDefault("version", "of no version") + ", security version "
                + verdict.claims().getOrDefault("securityVersion", "unknown"));
        verdict.checks().forEach(check -> out.println(VerdictPrinter.line(check)));
        for (Rung rung : Rung.values()) {
            out.println("rung " + rung.label() + " " + verdict.claims().get("rung." + rung.label()));
        }
        Stream.of(Rung.values())
                .filter(rung -> rung.label().equals(verdict.claims().get("rung")))
                .forEach(rung -> out.println("open " + rung.leavesOpen()));
        out.println((verdict.accepted() ? "accepted" : "rejected")
                + verdict.grade().map(grade -> ", grade " + grade).orElse(""));
    }
}
