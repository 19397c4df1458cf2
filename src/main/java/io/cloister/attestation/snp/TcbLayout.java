package io.cloister.attestation.snp;

/** The two ways in which the eight bytes of TCB_VERSION are divided (AMD 56860, TCB_VERSION). */
public enum TcbLayout {
    /** Milan and Genoa: boot loader 0, TEE 1, SNP firmware 6, microcode 7. */
    EARLY(-1, 0, 1, 6, 7),
    /** Turin and later: FMC 0, boot loader 1, TEE 2, SNP firmware 3, microcode 7. */
    TURIN(0, 1, 2, 3, 7);

    /** Positions of the bytes, -1 for a component that the layout has not. */
    final int fmc;

    final int bootLoader;
    final int tee;
    final int snp;
    final int microcode;

    TcbLayout(int fmc, int bootLoader, int tee, int snp, int microcode) {
        this.fmc = fmc;
        this.bootLoader = bootLoader;
        this.tee = tee;
        this.snp = snp;
        this.microcode = microcode;
    }

    public boolean hasFmc() {
        return fmc >= 0;
    }
}
