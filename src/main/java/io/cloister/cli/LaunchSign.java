package io.cloister.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.release.IdAuth;
import io.cloister.attestation.release.IdBlock;
import io.cloister.attestation.release.LaunchKey;
import io.cloister.attestation.release.ReleaseTool;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the ID block and the ID authentication information of a launch. */
final class LaunchSign {
    private static final String USAGE = "say: release sign-launch (--launch-digest HEX | --measured FILE) --svn N"
            + " --id-key FILE [--author-key FILE] [--family-id HEX] [--image-id HEX] [--guest-policy HEX]"
            + " --id-block FILE --id-auth FILE";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_SVN = 0xffff_ffffL;

    /** SMT allowed, nothing else. */
    private static final String DEFAULT_POLICY = "0x30000";

    private static final Set<String> OPTIONS = Set.of(
            "--launch-digest",
            "--measured",
            "--svn",
            "--id-key",
            "--author-key",
            "--family-id",
            "--image-id",
            "--guest-policy",
            "--id-block",
            "--id-auth");

    private final PrintStream out;

    LaunchSign(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, OPTIONS, Set.of());
        if (!arguments.positional().isEmpty()) {
            throw new CommandFailed(2, USAGE);
        }
        IdBlock block = block(arguments);
        LaunchKey idKey = KeyFile.launch(InputFile.path("--id-key", arguments));
        Optional<LaunchKey> author =
                InputFile.optional("--author-key", arguments).map(KeyFile::launch);
        Path blockFile = OutputFile.path("--id-block", arguments);
        Path authFile = OutputFile.path("--id-auth", arguments);
        IdAuth auth = author.map(key -> IdAuth.sign(block, idKey, key)).orElseGet(() -> IdAuth.sign(block, idKey));
        OutputFile.write(blockFile, block.encode());
        OutputFile.write(authFile, auth.encode());
        out.println(ReleaseTool.show(block.encode()));
        out.println(ReleaseTool.show(auth.encode()));
        return 0;
    }

    private static IdBlock block(Arguments arguments) {
        try {
            return new IdBlock(
                    launchDigest(arguments),
                    id("--family-id", arguments),
                    id("--image-id", arguments),
                    Numbers.number("--svn", arguments.required("--svn"), MAX_SVN),
                    new GuestPolicy(Numbers.hex(
                            "--guest-policy", arguments.option("--guest-policy").orElse(DEFAULT_POLICY), -1)));
        } catch (CodecException e) {
            throw new CommandFailed(2, "no such launch: " + e.getMessage(), e);
        }
    }

    private static Bytes id(String option, Arguments arguments) {
        return arguments
                .option(option)
                .map(text -> Numbers.bytes(option, text, IdBlock.ID_SIZE))
                .orElse(Bytes.zeros(IdBlock.ID_SIZE));
    }

    private static Bytes launchDigest(Arguments arguments) {
        Optional<Path> measured = InputFile.optional("--measured", arguments);
        Optional<String> digest = arguments.option("--launch-digest");
        if (measured.isPresent() == digest.isPresent()) {
            throw new CommandFailed(2, USAGE);
        }
        return Numbers.bytes(
                measured.isPresent() ? "--measured" : "--launch-digest",
                digest.or(() -> measured.map(LaunchSign::read)).orElseThrow(),
                IdBlock.DIGEST_SIZE);
    }

    /** The digest in what {@code attest measure} has printed, with or without {@code --json}. */
    private static String read(Path measured) {
        try {
            String text = InputFile.read(measured).asUtf8().strip();
            return text.startsWith("{")
                    ? JSON.readTree(text).path("launchDigest").asText()
                    : text;
        } catch (JsonProcessingException | CodecException e) {
            throw new CommandFailed(2, measured + ": not what attest measure prints", e);
        }
    }
}
