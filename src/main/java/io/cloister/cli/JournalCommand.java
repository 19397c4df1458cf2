package io.cloister.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.vault.file.JournalDamaged;
import io.cloister.vault.file.JournalRepair;
import io.cloister.vault.file.JournalReport;
import io.cloister.vault.file.JournalReport.Entry;
import io.cloister.vault.file.RecordKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Looks into the journal of a node, and cuts a damaged end off it. Needs no key. */
final class JournalCommand implements Command {
    private static final String USAGE = "say: journal inspect FOLDER [--json], or journal repair FOLDER --from SEQUENCE"
            + " [--silent-through HEIGHT] [--refused-by-node]";

    private final PrintStream out;

    JournalCommand() {
        this(System.out);
    }

    JournalCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public String help() {
        return "inspect|repair FOLDER ...  what a node's journal of votes holds; cuts a damaged end off, and keeps it";
    }

    @Override
    public int run(List<String> given) throws IOException {
        Arguments arguments =
                Arguments.parse(given, Set.of("--from", "--silent-through"), Set.of("--json", "--refused-by-node"));
        if (arguments.positional().size() != 2) {
            throw new CommandFailed(2, USAGE);
        }
        Path folder = InputFile.path(arguments.positional().get(1));
        if (!Files.isDirectory(folder)) {
            throw new CommandFailed(2, folder + ": there is no such folder");
        }
        return switch (arguments.positional().getFirst()) {
            case "inspect" -> inspect(JournalReport.of(folder), arguments.has("--json"));
            case "repair" -> repair(folder, arguments);
            default -> throw new CommandFailed(2, USAGE);
        };
    }

    private int inspect(JournalReport report, boolean json) throws IOException {
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(tree(report)));
        } else {
            report.entries().forEach(entry -> out.println(line(entry)));
            out.println(
                    report.segments().size() + " segments, " + report.entries().size() + " records");
            if (report.torn()) {
                out.println("behind them stands what an interrupted write left; the node will drop it");
            }
            if (report.cut()) {
                out.println("a cut was made; the node takes note of it when it opens the journal");
            }
            report.damage()
                    .ifPresent(damage -> out.println("damaged, " + damage.reason() + ": " + damage.getMessage()));
        }
        return report.damage().isPresent() ? 1 : 0;
    }

    private int repair(Path folder, Arguments arguments) {
        JournalRepair.Order order = new JournalRepair.Order(
                number("--from", arguments.required("--from")),
                arguments.has("--refused-by-node"),
                arguments
                        .option("--silent-through")
                        .map(it -> OptionalLong.of(number("--silent-through", it)))
                        .orElse(OptionalLong.empty()));
        JournalRepair.Cut cut;
        try {
            cut = JournalRepair.cut(folder, order);
        } catch (JournalRepair.Refused e) {
            throw new CommandFailed(1, folder + ": " + e.getMessage(), e);
        }
        cut.lost().forEach(entry -> out.println("lost: " + line(entry)));
        if (cut.unreadable()) {
            out.println("lost: records that cannot be read any more");
        }
        cut.aside().forEach(name -> out.println("kept aside: " + folder.resolve(name)));
        out.println(
                "The node signs nothing through height " + cut.silentThrough()
                        + ": it no longer knows what it signed there. Lost votes bind the vote key that made them and no other.");
        if (cut.unreadable() || cut.lost().stream().anyMatch(it -> it.kind() == RecordKind.STATEMENT)) {
            out.println("A lost statement binds the node for ever: until a recovery with a higher number is over,"
                    + " count this node among the faulty ones.");
        }
        return 0;
    }

    private static long number(String option, String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new CommandFailed(2, option + ": not a number");
        }
        return Long.parseLong(text);
    }

    private static String line(Entry entry) {
        return "%d %s%s height %d, %d bytes at %d of %s"
                .formatted(
                        entry.sequence(),
                        entry.kind(),
                        entry.synced() ? " synced" : "",
                        entry.height(),
                        entry.length(),
                        entry.offset(),
                        entry.segment());
    }

    private static ObjectNode tree(JournalReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode segments = root.putArray("segments");
        report.segments()
                .forEach(it -> segments.addObject()
                        .put("name", it.name())
                        .put("journal", it.journal())
                        .put("index", it.index())
                        .put("first", it.first())
                        .put("capacity", it.capacity()));
        ArrayNode records = root.putArray("records");
        report.entries()
                .forEach(it -> records.addObject()
                        .put("sequence", it.sequence())
                        .put("kind", it.kind().name())
                        .put("synced", it.synced())
                        .put("height", it.height())
                        .put("length", it.length())
                        .put("segment", it.segment())
                        .put("offset", it.offset()));
        root.put("torn", report.torn()).put("cut", report.cut());
        report.damage().ifPresentOrElse(it -> damage(root.putObject("damage"), it), () -> root.putNull("damage"));
        return root;
    }

    private static void damage(ObjectNode node, JournalDamaged damage) {
        node.put("reason", damage.reason().name())
                .put("segment", damage.segment())
                .put("offset", damage.offset())
                .put("sequence", damage.sequence())
                .put("message", damage.getMessage());
    }
}
