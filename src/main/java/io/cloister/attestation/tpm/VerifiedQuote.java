package io.cloister.attestation.tpm;

import java.util.List;
import java.util.Optional;

/**
 * What a quote proved.
 *
 * @param quote its fields
 * @param key the key that signed it
 * @param pcrs the values that the PCRs had
 * @param claims Azure's runtime claims, where the key was taken from them
 * @param events the log's events of the quoted PCRs, each PCR replaying to its quoted value; empty without a log
 */
public record VerifiedQuote(
        TpmQuote quote, RsaKey key, PcrValues pcrs, Optional<RuntimeClaims> claims, List<LogEvent> events) {
    public VerifiedQuote {
        events = List.copyOf(events);
    }
}
