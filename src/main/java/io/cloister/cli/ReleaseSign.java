package io.cloister.cli;

import io.cloister.attestation.release.MaintainerSecret;
import io.cloister.attestation.release.ReleaseManifest;
import io.cloister.attestation.release.ReleaseSignatures;
import io.cloister.attestation.release.ReleaseTool;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds a maintainer's signature to a release or to a revocation list. */
final class ReleaseSign {
    private static final String USAGE = "say: release sign --manifest FILE --key FILE [--signatures FILE] [--out FILE]"
            + " [--war FILE] [--policy FILE], or the same with --revocations FILE";

    private final PrintStream out;

    ReleaseSign(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(
                given,
                Set.of("--manifest", "--revocations", "--key", "--signatures", "--out", "--war", "--policy"),
                Set.of());
        boolean release = arguments.option("--manifest").isPresent();
        if (release == arguments.option("--revocations").isPresent()
                || !arguments.positional().isEmpty()) {
            throw new CommandFailed(2, USAGE);
        }
        Path document = InputFile.path(release ? "--manifest" : "--revocations", arguments);
        Path before = InputFile.optional("--signatures", arguments)
                .orElseGet(() -> document.resolveSibling(document.getFileName() + ".signatures"));
        Path after = OutputFile.requireUsable(
                "--out", InputFile.optional("--out", arguments).orElse(before));
        MaintainerSecret key = KeyFile.maintainer(InputFile.path("--key", arguments));
        Bytes draft = InputFile.read(document);
        if (release) {
            compare(document, draft, arguments);
        } else if (arguments.option("--war").isPresent()
                || arguments.option("--policy").isPresent()) {
            throw new CommandFailed(2, "a revocation list has neither WAR nor policy");
        }
        Optional<Bytes> signatures = Files.exists(before) ? Optional.of(InputFile.read(before)) : Optional.empty();
        ReleaseTool.Signed signed = sign(release, document, draft, signatures, key);
        if (!signed.document().equals(draft)) {
            OutputFile.write(document, signed.document());
            out.println(document + " is now in its one form");
        }
        OutputFile.write(after, signed.signatures());
        int count = ReleaseSignatures.decode(signed.signatures()).entries().size();
        out.println("SHA-256 " + Hashes.sha256(signed.document()).toHex());
        out.println("signed by key id " + key.publicKey().id().toHex());
        out.println(after + " has " + count + (count == 1 ? " signature" : " signatures"));
        return 0;
    }

    private static ReleaseTool.Signed sign(
            boolean release, Path document, Bytes draft, Optional<Bytes> signatures, MaintainerSecret key) {
        try {
            return release
                    ? ReleaseTool.sign(draft, signatures, key)
                    : ReleaseTool.signRevocations(draft, signatures, key);
        } catch (CodecException e) {
            throw new CommandFailed(2, document + " or its signatures: " + e.getMessage(), e);
        }
    }

    /** What the maintainer has built must be what is signed. */
    private static void compare(Path document, Bytes draft, Arguments arguments) {
        ReleaseManifest manifest;
        try {
            manifest = ReleaseManifest.decodeDraft(draft);
        } catch (CodecException e) {
            throw new CommandFailed(2, document + ": " + e.getMessage(), e);
        }
        InputFile.optional("--war", arguments)
                .map(WarFile::digest)
                .ifPresent(digest -> requireEqual("WAR", digest, manifest.warDigest()));
        InputFile.optional("--policy", arguments)
                .map(InputFile::read)
                .ifPresent(policy -> requireEqual("policy", Hashes.sha256(policy), manifest.policyDigest()));
    }

    private static void requireEqual(String what, Bytes found, Bytes written) {
        if (!found.equals(written)) {
            throw new CommandFailed(
                    1,
                    "not signed: the " + what + " has digest " + found.toHex() + ", the manifest says "
                            + written.toHex());
        }
    }
}
