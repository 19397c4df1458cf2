package io.cloister.cli.verifier;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.receipt.bundle.Anchor;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCheck;
import io.cloister.ledger.receipt.bundle.Finding;
import io.cloister.ledger.receipt.bundle.PlainSecp256k1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code java -jar cloister-verifier.jar FILE --anchor HASH@HEIGHT}: exit 0 for a receipt that is proved from the anchor, 1
 * for one that is not, 2 for a file that is none.
 */
public final class ReceiptVerifier {
    private static final String USAGE = "say: FILE --anchor HASH@HEIGHT";

    private ReceiptVerifier() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        if (arguments.size() != 3 || !arguments.get(1).equals("--anchor")) {
            System.err.println(USAGE);
            return 2;
        }
        try {
            Anchor anchor = Anchor.parse(arguments.get(2));
            return verify(read(Path.of(arguments.getFirst())), anchor);
        } catch (IOException | CodecException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
    }

    private static int verify(Bundle bundle, Anchor anchor) {
        List<Finding> findings = BundleCheck.check(bundle, anchor, PlainSecp256k1::isRecoverable);
        System.out.println("transaction " + bundle.receipt().transactionHash() + " at height "
                + bundle.receipt().height() + " of " + bundle.header().header().chainId());
        System.out.println(
                bundle.receipt().succeeded()
                        ? "succeeded"
                        : "was refused: " + bundle.receipt().code());
        for (Finding finding : findings) {
            System.out.println((finding.holds() ? "passed " : "failed ") + finding.name() + ": " + finding.detail());
        }
        boolean accepted = BundleCheck.accepted(findings);
        System.out.println(accepted ? "accepted" : "rejected");
        return accepted ? 0 : 1;
    }

    private static Bundle read(Path file) throws IOException {
        if (Files.size(file) > 3L * Bundle.MAX_BYTES) {
            throw new IOException(file + " is too long");
        }
        return Bundle.ofBytes(Bytes.wrap(Files.readAllBytes(file)));
    }
}
