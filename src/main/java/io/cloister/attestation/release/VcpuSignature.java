package io.cloister.attestation.release;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Family, model and stepping of a guest's processors as CPUID Fn0000_0001 has them in EAX (AMD 25481). QEMU puts them
 * into the first state of every processor, so they are measured.
 *
 * @param bits EAX
 */
public record VcpuSignature(int bits) {
    private static final int FAMILY_IN_FOUR_BITS = 15;

    /** Processor types of QEMU and their version aliases. */
    private static final SortedMap<String, VcpuSignature> NAMED = Collections.unmodifiableSortedMap(named());

    /**
     * The signature of a processor.
     *
     * @param family 0 to 270
     * @param model 0 to 255
     * @param stepping 0 to 15
     */
    public static VcpuSignature of(int family, int model, int stepping) {
        if (family < 0 || family > 270 || model < 0 || model > 255 || stepping < 0 || stepping > 15) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE,
                    "no processor has family %d, model %d, stepping %d".formatted(family, model, stepping));
        }
        int base = Math.min(family, FAMILY_IN_FOUR_BITS);
        return new VcpuSignature(family - base << 20 | model >> 4 << 16 | base << 8 | (model & 15) << 4 | stepping);
    }

    /** The signature of a processor type of QEMU, such as {@code EPYC-Genoa}. */
    public static Optional<VcpuSignature> ofType(String name) {
        return Optional.ofNullable(NAMED.get(name));
    }

    /** The names that {@link #ofType} knows. */
    public static Set<String> types() {
        return NAMED.keySet();
    }

    private static SortedMap<String, VcpuSignature> named() {
        SortedMap<String, VcpuSignature> types = new TreeMap<>();
        put(types, of(23, 1, 2), "EPYC", "EPYC-v1", "EPYC-v2", "EPYC-IBPB", "EPYC-v3", "EPYC-v4");
        put(types, of(23, 49, 0), "EPYC-Rome", "EPYC-Rome-v1", "EPYC-Rome-v2", "EPYC-Rome-v3");
        put(types, of(25, 1, 1), "EPYC-Milan", "EPYC-Milan-v1", "EPYC-Milan-v2");
        put(types, of(25, 17, 0), "EPYC-Genoa", "EPYC-Genoa-v1");
        put(types, of(26, 0, 0), "EPYC-Turin");
        return types;
    }

    private static void put(Map<String, VcpuSignature> types, VcpuSignature signature, String... names) {
        for (String name : names) {
            types.put(name, signature);
        }
    }
}
