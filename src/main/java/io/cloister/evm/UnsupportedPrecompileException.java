package io.cloister.evm;

import io.cloister.codec.Bytes;

/** The transaction calls a precompiled contract of its fork that this release lacks; there is no result then. */
public final class UnsupportedPrecompileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Bytes address;

    UnsupportedPrecompileException(Bytes address) {
        super("precompiled contract " + address + " is not supported");
        this.address = address;
    }

    /** The contract's address, 20 bytes. */
    public Bytes address() {
        return address;
    }
}
