package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

/**
 * A TCB_VERSION in components of 0 to 255. Versions are compared component by component, never as one number.
 *
 * @param fmc first mutable code, 0 where the layout has none
 */
public record Tcb(TcbLayout layout, int fmc, int bootLoader, int tee, int snp, int microcode) {
    /** Bytes of a TCB_VERSION. */
    public static final int SIZE = 8;

    public Tcb {
        for (int component : new int[] {fmc, bootLoader, tee, snp, microcode}) {
            if (component < 0 || component > 255) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a TCB component of " + component);
            }
        }
        if (fmc != 0 && !layout.hasFmc()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an FMC version where the layout has none");
        }
    }

    /** A version of the layout without FMC. */
    public static Tcb early(int bootLoader, int tee, int snp, int microcode) {
        return new Tcb(TcbLayout.EARLY, 0, bootLoader, tee, snp, microcode);
    }

    /**
     * Reads the eight bytes of a report.
     *
     * @throws CodecException NOT_CANONICAL when a reserved byte is set, OUT_OF_RANGE for another length
     */
    public static Tcb decode(TcbLayout layout, Bytes eight) {
        if (eight.length() != SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a TCB version of " + eight.length() + " bytes");
        }
        Tcb tcb = new Tcb(
                layout,
                layout.hasFmc() ? byteAt(eight, layout.fmc) : 0,
                byteAt(eight, layout.bootLoader),
                byteAt(eight, layout.tee),
                byteAt(eight, layout.snp),
                byteAt(eight, layout.microcode));
        if (!tcb.encode().equals(eight)) {
            throw new CodecException(Reason.NOT_CANONICAL, "a reserved byte of the TCB version is set: " + eight);
        }
        return tcb;
    }

    /** The eight bytes as a report has them. */
    public Bytes encode() {
        byte[] eight = new byte[SIZE];
        if (layout.hasFmc()) {
            eight[layout.fmc] = (byte) fmc;
        }
        eight[layout.bootLoader] = (byte) bootLoader;
        eight[layout.tee] = (byte) tee;
        eight[layout.snp] = (byte) snp;
        eight[layout.microcode] = (byte) microcode;
        return Bytes.wrap(eight);
    }

    /** Whether every component is at least that of {@code minimum}; false between different layouts. */
    public boolean covers(Tcb minimum) {
        return layout == minimum.layout
                && fmc >= minimum.fmc
                && bootLoader >= minimum.bootLoader
                && tee >= minimum.tee
                && snp >= minimum.snp
                && microcode >= minimum.microcode;
    }

    @Override
    public String toString() {
        String rest = "bl=" + bootLoader + ",tee=" + tee + ",snp=" + snp + ",ucode=" + microcode;
        return layout.hasFmc() ? "fmc=" + fmc + "," + rest : rest;
    }

    private static int byteAt(Bytes bytes, int at) {
        return bytes.at(at) & 0xff;
    }
}
