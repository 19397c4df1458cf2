package io.cloister.cli;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Policy;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.receipt.ValidatorEvidence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Verifies, without a network, what a node has handed out. */
final class VerifyCommand implements Command {
    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String help() {
        return "receipt FILE --policy FILE [--at INSTANT] [--json]  checks a receipt and its validators' evidence offline";
    }

    @Override
    public int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of("--policy", "--at"), Set.of("--json"));
        List<String> words = arguments.positional();
        if (words.size() != 2 || !words.getFirst().equals("receipt")) {
            throw new CommandFailed(2, "say: verify receipt FILE --policy FILE");
        }
        ReceiptFile file = ReceiptFile.read(Path.of(words.get(1)));
        List<Check> checks = check(file, Policies.read(InputFile.path("--policy", arguments)), at(arguments));
        boolean accepted = checks.stream()
                        .filter(c -> !c.name().startsWith("validator-"))
                        .allMatch(c -> c.result() == Result.PASSED)
                && checks.stream().noneMatch(c -> c.result() == Result.FAILED);
        if (arguments.has("--json")) {
            System.out.println(VerdictPrinter.json(checks, accepted));
        } else {
            print(file, checks, accepted);
        }
        return accepted ? 0 : 1;
    }

    /** All checks of a receipt: the proof itself and the evidence of its validators. */
    static List<Check> check(ReceiptFile file, Policy policy, Instant at) {
        List<Check> checks = new ArrayList<>(file.proof().check());
        checks.addAll(ValidatorEvidence.check(
                file.evidence(), file.proof().header().chainId(), file.proof().validators(), policy, at));
        return checks;
    }

    /** The moment of {@code --at}, or now. */
    static Instant at(Arguments arguments) {
        try {
            return arguments.option("--at").map(Instant::parse).orElseGet(Instant::now);
        } catch (DateTimeException e) {
            throw new CommandFailed(2, "--at takes an instant such as 2026-01-31T12:00:00Z");
        }
    }

    private static void print(ReceiptFile file, List<Check> checks, boolean accepted) {
        Receipt receipt = file.proof().receipt();
        System.out.println("transaction " + receipt.transactionHash() + " at height " + receipt.height() + " of "
                + file.proof().header().chainId());
        System.out.println(receipt.succeeded() ? "succeeded" : "was refused: " + receipt.code());
        receipt.events().forEach(e -> System.out.println("  " + e.name()));
        checks.forEach(check -> System.out.println(VerdictPrinter.line(check)));
        System.out.println(accepted ? "accepted" : "rejected");
    }
}
