package io.cloister.node.settings;

import java.util.List;

/** Settings with which no node can start. Each problem names the setting it speaks of. */
public final class SettingsRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    SettingsRefused(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each problem, beginning with the setting's name. */
    public List<String> problems() {
        return problems;
    }
}
