package io.cloister.attestation.fuzz;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.function.Function;

/**
 * A decoder or verifier that must end for any bytes.
 *
 * @param name for people
 * @param format how inputs are built, so that changes can follow their structure
 * @param seeds inputs that it reads
 * @param extremes inputs that are large or strange, tried once as they are
 * @param run answers how it ended, in a word; a {@code CodecException} is an ending, any other exception a defect
 */
public record FuzzTarget(
        String name, Format format, List<Bytes> seeds, List<Bytes> extremes, Function<Bytes, String> run) {
    /** How inputs are built. */
    public enum Format {
        BINARY,
        DER,
        JSON
    }

    /** The ending of a decoder that reads its input. */
    public static final String READ = "read";

    /** The ending of a verifier that accepts. */
    public static final String ACCEPTED = "accepted";

    public FuzzTarget {
        seeds = List.copyOf(seeds);
        extremes = List.copyOf(extremes);
    }

    public static FuzzTarget of(String name, Format format, Function<Bytes, String> run, Bytes... seeds) {
        return new FuzzTarget(name, format, List.of(seeds), List.of(), run);
    }

    /** A decoder whose values are written as they were read. */
    public static <T> FuzzTarget canonical(
            String name, Format format, Function<Bytes, T> decode, Function<T, Bytes> encode, Bytes... seeds) {
        return of(
                name,
                format,
                input -> {
                    if (!encode.apply(decode.apply(input)).equals(input)) {
                        throw new AssertionError("what was read is written in another way");
                    }
                    return READ;
                },
                seeds);
    }

    /** The same with inputs that are tried as they are. */
    public FuzzTarget with(Bytes... more) {
        return new FuzzTarget(name, format, seeds, List.of(more), run);
    }
}
