/**
 * The forms in which evidence and results leave and enter: evidence as JSON and as deterministic CBOR, results as signed
 * tokens.
 *
 * <p>A form is never judged here, and nothing is judged by its form: what is read back is the same {@code Evidence} that
 * the binary form gives, within the same bounds, or a {@code CodecException}. The forms and the table from checks to
 * trustworthiness claims are written down in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.format;

import org.jspecify.annotations.NullMarked;
