package io.cloister.cli;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Policy;
import io.cloister.codec.CodecException;
import io.cloister.consensus.SignatureCheck;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.receipt.ValidatorEvidence;
import io.cloister.ledger.receipt.bundle.Anchor;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifies, without a network, what a node has handed out. */
final class VerifyCommand implements Command {
    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String help() {
        return "receipt FILE [--anchor HASH@HEIGHT] [--policy FILE [--at INSTANT]] [--json] [--abi]"
                + "  checks a receipt offline, from trusted validators, by their evidence, or both;"
                + " --abi: prints it, unchecked, as a contract takes it";
    }

    @Override
    public int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of("--anchor", "--policy", "--at"), Set.of("--json", "--abi"));
        List<String> words = arguments.positional();
        if (words.size() != 2 || !words.getFirst().equals("receipt")) {
            throw new CommandFailed(2, "say: verify receipt FILE --anchor HASH@HEIGHT or --policy FILE");
        }
        Path file = Path.of(words.get(1));
        if (arguments.has("--abi")) {
            System.out.println(bundle(file).abi().to0x());
            return 0;
        }
        Optional<Anchor> anchor = anchor(arguments);
        if (anchor.isPresent()) {
            Bundle bundle = bundle(file);
            List<Check> checks = new ArrayList<>(check(bundle, anchor.get()));
            if (arguments.option("--policy").isPresent()) {
                checks.addAll(evidence(ReceiptFile.read(file), policy(arguments), at(arguments)));
            }
            return said(arguments, bundle.receipt(), bundle.header().header().chainId(), checks);
        }
        ReceiptFile read = ReceiptFile.read(file);
        List<Check> checks = check(read, policy(arguments), at(arguments));
        return said(arguments, read.proof().receipt(), read.proof().header().chainId(), checks);
    }

    private static int said(Arguments arguments, Receipt receipt, String chainId, List<Check> checks) {
        boolean accepted = checks.stream()
                        .filter(c -> !c.name().startsWith("validator-"))
                        .allMatch(c -> c.result() == Result.PASSED)
                && checks.stream().noneMatch(c -> c.result() == Result.FAILED);
        if (arguments.has("--json")) {
            System.out.println(VerdictPrinter.json(checks, accepted));
        } else {
            print(receipt, chainId, checks, accepted);
        }
        return accepted ? 0 : 1;
    }

    private static Policy policy(Arguments arguments) {
        return Policies.read(InputFile.path("--policy", arguments));
    }

    private static Optional<Anchor> anchor(Arguments arguments) {
        try {
            return arguments.option("--anchor").map(Anchor::parse);
        } catch (CodecException | IllegalArgumentException e) {
            throw new CommandFailed(2, "--anchor takes HASH@HEIGHT, the hash of the validators that decide a height");
        }
    }

    private static Bundle bundle(Path file) {
        try {
            return Bundle.ofBytes(InputFile.read(file, 3 * Bundle.MAX_BYTES));
        } catch (CodecException e) {
            throw new CommandFailed(2, file + " is no receipt", e);
        }
    }

    private static List<Check> check(Bundle bundle, Anchor anchor) {
        return BundleCheck.check(bundle, anchor, SignatureCheck.SECP256K1).stream()
                .map(it -> new Check(it.name(), it.holds() ? Result.PASSED : Result.FAILED, it.detail()))
                .toList();
    }

    /** All checks of a receipt: the proof itself and the evidence of its validators. */
    static List<Check> check(ReceiptFile file, Policy policy, Instant at) {
        List<Check> checks = new ArrayList<>(file.proof().check());
        checks.addAll(evidence(file, policy, at));
        return checks;
    }

    private static List<Check> evidence(ReceiptFile file, Policy policy, Instant at) {
        return ValidatorEvidence.check(
                file.evidence(), file.proof().header().chainId(), file.proof().validators(), policy, at);
    }

    /** The moment of {@code --at}, or now. */
    static Instant at(Arguments arguments) {
        try {
            return arguments.option("--at").map(Instant::parse).orElseGet(Instant::now);
        } catch (DateTimeException e) {
            throw new CommandFailed(2, "--at takes an instant such as 2026-01-31T12:00:00Z");
        }
    }

    private static void print(Receipt receipt, String chainId, List<Check> checks, boolean accepted) {
        System.out.println(
                "transaction " + receipt.transactionHash() + " at height " + receipt.height() + " of " + chainId);
        System.out.println(receipt.succeeded() ? "succeeded" : "was refused: " + receipt.code());
        receipt.events().forEach(e -> System.out.println("  " + e.name()));
        checks.forEach(check -> System.out.println(VerdictPrinter.line(check)));
        System.out.println(accepted ? "accepted" : "rejected");
    }
}
