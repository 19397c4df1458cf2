package io.cloister.cli;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A node's evidence as it was fetched and kept: JSON, CBOR, or the binary form, also as hexadecimal. */
final class EvidenceOptions {
    static final String USAGE = "--evidence FILE [--nonce HEX [--spki HEX]] [--at INSTANT]";
    static final String FILE = "--evidence";
    static final Set<String> OPTIONS = Set.of(FILE, "--spki");
    private static final int UNUSABLE = 2;
    private static final int MIN_NONCE = 16;
    private static final int MAX_NONCE = 64;
    private static final int DIGEST = 32;

    private final Arguments arguments;

    EvidenceOptions(Arguments arguments) {
        this.arguments = arguments;
    }

    /** @throws CommandFailed with code 2 for a file that has no evidence in it, and options that do not fit */
    Verdict verify(Policy policy) {
        GuestOptions.refuse(arguments, "--evidence has a report in it: leave %s out", Set.of("--nonce", "--at"));
        Evidence evidence = EvidenceFile.read(InputFile.read(InputFile.path(FILE, arguments)))
                .orElseThrow(() -> new CommandFailed(UNUSABLE, FILE + ": no evidence in any of its forms"));
        Optional<Bytes> nonce = bytes("--nonce", MIN_NONCE, MAX_NONCE);
        Optional<Bytes> spki = bytes("--spki", DIGEST, DIGEST);
        if (spki.isPresent() && nonce.isEmpty()) {
            throw new CommandFailed(UNUSABLE, "--spki counts only beside --nonce");
        }
        EvidenceVerifier verifier = new EvidenceVerifier();
        Instant at = VerifyCommand.at(arguments);
        return nonce.map(asked -> verifier.verifyForNonce(evidence, asked, spki, policy, at))
                .orElseGet(() -> verifier.verifyWithoutNonce(evidence, policy, at));
    }

    private Optional<Bytes> bytes(String option, int least, int most) {
        return GuestOptions.hex(arguments, option).map(bytes -> {
            if (bytes.length() < least || bytes.length() > most) {
                throw new CommandFailed(UNUSABLE, option + " has " + bytes.length() + " bytes");
            }
            return bytes;
        });
    }
}
