package io.cloister.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Signs, verifies and shows releases. */
final class ReleaseCommand implements Command {
    private final PrintStream out;

    ReleaseCommand() {
        this(System.out);
    }

    ReleaseCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "release";
    }

    @Override
    public String help() {
        return "sign | sign-launch | verify | show  signs releases and judges them; each alone says what it needs";
    }

    @Override
    public int run(List<String> given) throws IOException {
        List<String> rest = given.isEmpty() ? given : given.subList(1, given.size());
        return switch (given.isEmpty() ? "" : given.getFirst()) {
            case "sign" -> new ReleaseSign(out).run(rest);
            case "sign-launch" -> new LaunchSign(out).run(rest);
            case "verify" -> new ReleaseVerify(out).run(rest);
            case "show" -> show(rest);
            default -> throw new CommandFailed(2, "say: release sign, sign-launch, verify or show");
        };
    }

    private int show(List<String> given) {
        new ReleaseShow(out).run(given);
        return 0;
    }
}
