package io.cloister.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** What concerns the evidence of guests: judging, showing, measuring it. */
final class AttestCommand implements Command {
    private static final String USAGE =
            "say: attest verify|show|measure|policy|store|network ..., or attest URL; 'attest help' tells more";

    private final PrintStream out;

    AttestCommand() {
        this(System.out);
    }

    AttestCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "attest";
    }

    @Override
    public String help() {
        return "verify|show|measure|policy|store|network|URL ...  judges and shows evidence: attest help";
    }

    @Override
    public int run(List<String> given) throws IOException {
        if (given.isEmpty()) {
            throw new CommandFailed(2, USAGE);
        }
        List<String> rest = given.subList(1, given.size());
        return switch (given.getFirst()) {
            case "verify" -> new AttestVerify(out).run(rest);
            case "show" -> new AttestShow(out).run(rest);
            case "measure" -> new MeasureCommand(out).run(rest);
            case "policy" -> new AttestPolicy(out).run(rest);
            case "network" -> new AttestNetwork(out).run(rest);
            case "store" -> new AttestStore(out).run(rest);
            case "help", "--help" -> help(out);
            default -> node(given);
        };
    }

    private int node(List<String> given) {
        if (given.stream().noneMatch(word -> word.contains("://"))) {
            throw new CommandFailed(2, USAGE);
        }
        return new AttestNode(out).run(given);
    }

    private static int help(PrintStream out) {
        for (String usage : List.of(
                AttestVerify.USAGE,
                AttestVerify.OF_NODE,
                AttestNode.USAGE,
                AttestNetwork.USAGE,
                AttestShow.USAGE,
                AttestPolicy.USAGE,
                AttestStore.USAGE,
                MeasureCommand.HELP)) {
            out.println("./cloister attest " + usage);
        }
        return 0;
    }
}
