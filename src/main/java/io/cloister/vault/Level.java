package io.cloister.vault;

/** What must come together before rows of a level can be read. */
public enum Level {
    /** Opens under the local seal alone: the node's identity and what it keeps for its peers. */
    IDENTITY(1),
    /** Opens under the local seal and the part that the peers keep: everything else. */
    STATE(2);

    private final int code;

    Level(int code) {
        this.code = code;
    }

    /** The byte that stands for this level in associated data. */
    public int code() {
        return code;
    }
}
