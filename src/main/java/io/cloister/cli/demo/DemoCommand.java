package io.cloister.cli.demo;

import io.cloister.cli.Arguments;
import io.cloister.cli.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries a deposit, a burn and a private simulation through four attested nodes. */
public final class DemoCommand implements Command {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String help() {
        return "[--keep] [--kill-one] [--folder DIR]  a deposit, a burn and a private simulation through four attested nodes";
    }

    @Override
    public int run(List<String> given) throws Exception {
        // Libraries tell their life on the terminal otherwise.
        Logger.getLogger("").setLevel(Level.WARNING);
        Arguments arguments = Arguments.parse(given, Set.of("--folder"), Set.of("--keep", "--kill-one"));
        Path home = Path.of(System.getProperty("cloister.home", "."))
                .toAbsolutePath()
                .normalize();
        Path folder = DemoFolder.chosen(arguments.option("--folder"), home);
        Demo.Options options = new Demo.Options(home, arguments.has("--keep"), arguments.has("--kill-one"));
        Stop stop = new Stop(System.out).onSignal();
        try (DemoFlow flow = DemoFlow.begin(options, folder, System.out, stop)) {
            return flow.run();
        } finally {
            stop.ended();
        }
    }
}
