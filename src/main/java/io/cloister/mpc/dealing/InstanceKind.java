package io.cloister.mpc.dealing;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.mpc.sharing.SharingKind;
import java.util.ArrayList;
import java.util.List;

/** The four kinds of transcript, and what a dealing of each carries. */
public enum InstanceKind {
    /** A random masked sharing, to become a key: t+1 dealings are summed, none of which shows anything of the value. */
    KEY_RANDOM(1, "key-random", true, List.of(SharingKind.MASKED)),
    /** Each share of a KEY_RANDOM dealt again with simple commitments and a proof: t+1 dealings are interpolated. */
    KEY_UNMASK(2, "key-unmask", true, List.of(SharingKind.SIMPLE)),
    /** For each presignature of a batch kappa (simple) and lambda (masked): t+1 dealings are summed. */
    PRESIGN_RANDOM(3, "presign-random", false, List.of(SharingKind.SIMPLE, SharingKind.MASKED)),
    /** For each presignature kappa*lambda and x*lambda, with product proofs: 2t+1 dealings are interpolated. */
    PRESIGN_PRODUCT(4, "presign-product", false, List.of(SharingKind.MASKED, SharingKind.MASKED));

    private final int code;
    private final String label;
    private final boolean key;
    private final List<SharingKind> unit;

    InstanceKind(int code, String label, boolean key, List<SharingKind> unit) {
        this.code = code;
        this.label = label;
        this.key = key;
        this.unit = unit;
    }

    public int code() {
        return code;
    }

    /** The protocol label that enters every context. */
    public String label() {
        return label;
    }

    /** Whether dealings are encrypted to the epoch's sealed key; else to the boot's key, which is on no disk. */
    public boolean isKey() {
        return key;
    }

    /** The sharings of one dealing: {@code width} times what one key or presignature needs. */
    public List<SharingKind> sharings(int width) {
        List<SharingKind> all = new ArrayList<>();
        for (int w = 0; w < width; w++) {
            all.addAll(unit);
        }
        return all;
    }

    /** t+1 dealings, or 2t+1 where each dealer's value has degree 2t as a sharing. */
    public int dealings(int threshold) {
        return this == PRESIGN_PRODUCT ? 2 * threshold + 1 : threshold + 1;
    }

    /** Whether dealings are interpolated at zero; else they are summed. */
    public boolean interpolated() {
        return this == KEY_UNMASK || this == PRESIGN_PRODUCT;
    }

    /** @throws CodecException UNKNOWN */
    public static InstanceKind of(int code) {
        for (InstanceKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CodecException(Reason.UNKNOWN, "instance kind " + code);
    }
}
