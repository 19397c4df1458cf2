package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import io.cloister.codec.CodecException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Policy documents from files, and those that come with the program by their names. */
public final class Policies {
    private Policies() {}

    /** @throws CommandFailed with code 2 when the file is no policy */
    public static Policy read(Path file) {
        try {
            return Policy.parse(InputFile.read(file));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }

    /** What an option names: a file, else a shipped policy; where it is not given, the policy {@code default}. */
    static Policy named(String option, Arguments arguments) {
        return arguments.option(option).map(Policies::named).orElseGet(ShippedPolicies.DEFAULT::policy);
    }

    /** A policy in a file, else the shipped one of this name. */
    static Policy named(String text) {
        Path file = InputFile.path(text);
        Optional<ShippedPolicies> shipped = ShippedPolicies.ofTitle(text);
        return shipped.isPresent() && !Files.exists(file) ? shipped.get().policy() : read(file);
    }
}
