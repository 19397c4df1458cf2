package io.cloister.attestation.tpm;

/** The steps of verifying a quote, in their order. */
public enum QuoteStep {
    BINDING("binding"),
    QUOTE_FORMAT("quote-format"),
    QUOTE_SIGNATURE("quote-signature"),
    QUOTE_NONCE("quote-nonce"),
    PCR_SELECTION("pcr-selection"),
    PCR_DIGEST("pcr-digest"),
    EVENT_LOG("event-log");

    private final String label;

    QuoteStep(String label) {
        this.label = label;
    }

    /** The stable name under which a verdict lists the step. */
    public String label() {
        return label;
    }
}
