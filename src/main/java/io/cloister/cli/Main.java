package io.cloister.cli;

import io.cloister.cli.demo.DemoCommand;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/** Finds the command that was asked for and runs it. */
public final class Main {
    private static final List<Command> COMMANDS = List.of(
            new DemoCommand(),
            new GenesisCommand(),
            new StatusCommand(),
            new VerifyCommand(),
            new AttestCommand(),
            new JournalCommand(),
            new ReleaseCommand());

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.isEmpty() || List.of("help", "--help", "-h").contains(arguments.getFirst())) {
            usage(out);
            return arguments.isEmpty() ? 2 : 0;
        }
        for (Command command : COMMANDS) {
            if (command.name().equals(arguments.getFirst())) {
                return run(command, arguments.subList(1, arguments.size()), err);
            }
        }
        err.println("cloister: there is no command " + arguments.getFirst());
        usage(err);
        return 2;
    }

    static int run(Command command, List<String> arguments, PrintStream err) {
        try {
            return command.run(arguments);
        } catch (CommandFailed e) {
            err.println("cloister " + command.name() + ": " + e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        } catch (Exception e) {
            err.println("cloister " + command.name() + ": " + plain(e));
            return 2;
        }
    }

    /** Files by name, everything else in its own words. */
    private static String plain(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> "no right to " + denied.getFile();
            case FileSystemException failed ->
                failed.getFile() + ": " + (failed.getReason() == null ? "cannot be used" : failed.getReason());
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private static void usage(PrintStream to) {
        to.println("usage: ./cloister COMMAND [ARGUMENT...]");
        to.println("  demo       a network of four attested nodes carries a deposit, a burn and a private simulation");
        to.println("  test       builds everything and runs every test");
        to.println("  bench      runs the benchmarks whose names match: ./cloister bench [PATTERN] [JMH options]");
        to.println("  node       runs one node: ./cloister node --config FILE");
        COMMANDS.stream()
                .filter(c -> !c.name().equals("demo"))
                .forEach(c -> to.printf("  %-10s %s%n", c.name(), c.help()));
    }
}
