package io.cloister.consensus;

/** The application does not want a transaction. The code is stable, the message is for people. */
public final class TransactionRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    public TransactionRefused(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
