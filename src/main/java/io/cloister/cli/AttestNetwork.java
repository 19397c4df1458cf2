package io.cloister.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Header;
import io.cloister.ledger.statement.NetworkStatement;
import io.cloister.ledger.statement.SignedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks a network's statement about its validators from what it carries, wherever it came from. */
final class AttestNetwork {
    static final String USAGE =
            "network URL|FILE --policy FILE|NAME [--chain-id ID] [--at INSTANT] [--max-age SECONDS] [--json]";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long DEFAULT_AGE = 3600;

    private final PrintStream out;

    AttestNetwork(PrintStream out) {
        this.out = out;
    }

    int run(List<String> given) throws IOException {
        Arguments arguments =
                Arguments.parse(given, Set.of("--policy", "--chain-id", "--at", "--max-age"), Set.of("--json"));
        if (arguments.positional().size() != 1 || arguments.option("--policy").isEmpty()) {
            throw new CommandFailed(2, "say: attest " + USAGE);
        }
        String from = arguments.positional().getFirst();
        SignedStatement statement = parse(from.contains("://") ? fetch(NodeAddress.parse(from)) : file(from));
        List<Check> checks = new ArrayList<>(statement.check());
        NetworkStatement shown = NetworkStatement.of(statement.proof());
        checks.add(policy(arguments, shown));
        checks.add(age(arguments, shown.header()));
        checks.add(chain(arguments, shown.header()));
        boolean accepted = checks.stream().noneMatch(check -> check.result() == Result.FAILED);
        if (arguments.has("--json")) {
            ObjectNode verdict = VerdictPrinter.json(checks, accepted);
            verdict.set("statement", new ObjectMapper().readTree(shown.toJson()));
            out.println(verdict);
        } else {
            checks.forEach(check -> out.println(VerdictPrinter.line(check)));
            out.println(accepted ? "accepted" : "rejected");
        }
        return accepted ? 0 : 1;
    }

    /** Whoever invents a chain invents its policy too, so the reader brings the one that is known to be the network's. */
    private static Check policy(Arguments arguments, NetworkStatement shown) {
        Bytes found = shown.policy().digest();
        boolean same = Policies.named("--policy", arguments).digest().equals(found);
        return new Check(
                "policy-digest", same ? Result.PASSED : Result.FAILED, "the network's policy is " + found.toHex());
    }

    /** An old block tells of validators that may long be gone. */
    private static Check age(Arguments arguments, Header header) {
        Instant at = VerifyCommand.at(arguments);
        Instant made = Instant.ofEpochMilli(header.timeMillis());
        long most = arguments
                .option("--max-age")
                .map(text -> Numbers.number("--max-age", text, Integer.MAX_VALUE))
                .orElse(DEFAULT_AGE);
        boolean young = !made.plusSeconds(most).isBefore(at) && !made.isAfter(at.plusSeconds(most));
        return new Check(
                "block-time",
                young ? Result.PASSED : Result.FAILED,
                "block " + header.height() + " of " + made + ", at most " + most + " s from " + at);
    }

    private static Check chain(Arguments arguments, Header header) {
        String found = "the chain is " + header.chainId();
        return arguments
                .option("--chain-id")
                .map(wanted ->
                        new Check("chain-id", wanted.equals(header.chainId()) ? Result.PASSED : Result.FAILED, found))
                .orElseGet(() -> new Check("chain-id", Result.SKIPPED, found));
    }

    private static SignedStatement parse(Bytes document) {
        try {
            return SignedStatement.parse(document);
        } catch (CodecException e) {
            throw new CommandFailed(2, "no statement that follows from its proof: " + e.getMessage(), e);
        }
    }

    private static Bytes file(String name) {
        return InputFile.read(InputFile.path(name), SignedStatement.MAX_SIZE);
    }

    private static Bytes fetch(URI node) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node + "/v1/attestation/network"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<InputStream> answer =
                    new NodeClient(node).http().send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                Bytes read = Bytes.wrap(body.readNBytes(SignedStatement.MAX_SIZE + 1));
                if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
                    throw new CommandFailed(2, node + " has no statement now (status " + answer.statusCode() + ")");
                }
                return read;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(1, "interrupted", e);
        }
    }
}
