package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;

/** A way to a TPM: one command goes in, its answer comes out. Implementations are thread-safe and answer in turn. */
public interface TpmTransport extends AutoCloseable {
    /** The most bytes of a command or an answer. */
    int MAX_SIZE = 4096;

    /** For people and logs, such as {@code /dev/tpmrm0}. */
    String name();

    /**
     * Sends one command and waits for its answer.
     *
     * @throws TpmException DeviceMissing, AccessDenied, TransportFailed, TimedOut
     */
    Bytes transmit(Bytes command);

    @Override
    void close();
}
