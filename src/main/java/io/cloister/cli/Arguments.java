package io.cloister.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options by name, flags, and what is left. Unknown options are refused by name. */
public final class Arguments {
    private final Map<String, String> options = new HashMap<>();
    private final List<String> flags = new ArrayList<>();
    private final List<String> positional = new ArrayList<>();

    private Arguments() {}

    /**
     * @param withValue options that take a value, such as {@code --policy}
     * @param withoutValue flags, such as {@code --json}
     * @throws CommandFailed with code 2 for an unknown option or a missing value
     */
    public static Arguments parse(List<String> given, Set<String> withValue, Set<String> withoutValue) {
        Arguments arguments = new Arguments();
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            if (withoutValue.contains(word)) {
                arguments.flags.add(word);
            } else if (withValue.contains(word)) {
                if (i + 1 == given.size()) {
                    throw new CommandFailed(2, word + " needs a value");
                }
                arguments.options.put(word, given.get(++i));
            } else if (word.startsWith("--")) {
                throw new CommandFailed(2, "there is no option " + word);
            } else {
                arguments.positional.add(word);
            }
        }
        return arguments;
    }

    public boolean has(String flag) {
        return flags.contains(flag);
    }

    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    public String required(String name) {
        return option(name).orElseThrow(() -> new CommandFailed(2, name + " is needed"));
    }

    public List<String> positional() {
        return List.copyOf(positional);
    }
}
