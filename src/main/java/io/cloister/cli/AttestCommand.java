package io.cloister.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** What concerns reports: measures launches. */
final class AttestCommand implements Command {
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
        return MeasureCommand.HELP + "  computes a launch digest";
    }

    @Override
    public int run(List<String> given) throws IOException {
        if (given.isEmpty() || !given.getFirst().equals("measure")) {
            throw new CommandFailed(2, "say: attest " + MeasureCommand.HELP);
        }
        return new MeasureCommand(out).run(given.subList(1, given.size()));
    }
}
