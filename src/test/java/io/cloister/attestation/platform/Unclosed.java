package io.cloister.attestation.platform;

import io.cloister.attestation.tpm.TpmTransport;
import io.cloister.codec.Bytes;

/** A transport that others go on using. */
record Unclosed(TpmTransport transport) implements TpmTransport {
    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public Bytes transmit(Bytes command) {
        return transport.transmit(command);
    }

    @Override
    public void close() {}
}
