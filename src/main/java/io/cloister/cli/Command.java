package io.cloister.cli;

import java.util.List;

/** One command of the launcher. */
public interface Command {

    /** What the user types. */
    String name();

    /** One line of help. */
    String help();

    /**
     * Runs to the end.
     *
     * @return the exit code: 0 good, 1 the answer is no, 2 the input is unusable
     * @throws CommandFailed to end with a message and a code
     */
    int run(List<String> arguments) throws Exception;
}
