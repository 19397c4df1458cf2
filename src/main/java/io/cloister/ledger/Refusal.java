package io.cloister.ledger;

/**
 * A transaction is refused. Inside a block its writes are undone and the receipt keeps the code; at the door it never
 * gets into a block.
 */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;

    /**
     * @param code stable, in lower case with hyphens, part of the public interface
     * @param detail for people, without secrets
     */
    public Refusal(String code, String detail) {
        super(code + ": " + detail, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
