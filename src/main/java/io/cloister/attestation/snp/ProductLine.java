package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import java.util.Arrays;
import java.util.Optional;

/**
 * A line of EPYC processors with a root key of its own. Bergamo and Siena belong to Genoa. The digests are SHA-256
 * over the SubjectPublicKeyInfo of AMD's root certificates (ARK), which AMD publishes at its key distribution
 * service.
 */
public enum ProductLine {
    MILAN("Milan", TcbLayout.EARLY, "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9"),
    GENOA("Genoa", TcbLayout.EARLY, "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831"),
    TURIN("Turin", TcbLayout.TURIN, "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08");

    private static final int FAMILY_ZEN3_ZEN4 = 0x19;
    private static final int FAMILY_ZEN5 = 0x1A;

    private final String title;
    private final TcbLayout tcbLayout;
    private final Bytes rootDigest;

    ProductLine(String title, TcbLayout tcbLayout, String rootDigest) {
        this.title = title;
        this.tcbLayout = tcbLayout;
        this.rootDigest = Bytes.hex(rootDigest);
    }

    /** The name that AMD uses in certificates and addresses. */
    public String title() {
        return title;
    }

    public TcbLayout tcbLayout() {
        return tcbLayout;
    }

    /** SHA-256 of the SubjectPublicKeyInfo of AMD's root for this line. */
    public Bytes rootDigest() {
        return rootDigest;
    }

    /** Significant bytes of a CHIP_ID; the rest of its 64 bytes is zero. */
    public int chipIdLength() {
        return this == TURIN ? 8 : 64;
    }

    /** The line with AMD's root of this digest. */
    public static Optional<ProductLine> ofRoot(Bytes rootDigest) {
        return Arrays.stream(values())
                .filter(line -> line.rootDigest.equals(rootDigest))
                .findFirst();
    }

    /** The line of this title, also with a stepping behind it as in {@code Milan-B0}. */
    public static Optional<ProductLine> ofTitle(String title) {
        int dash = title.indexOf('-');
        String name = dash < 0 ? title : title.substring(0, dash);
        return Arrays.stream(values()).filter(line -> line.title.equals(name)).findFirst();
    }

    /** The line of a processor by combined family and model, as reports since version 3 state them. */
    public static Optional<ProductLine> ofCpuid(int family, int model) {
        if (family == FAMILY_ZEN3_ZEN4) {
            return switch (model >> 4) {
                case 0x0 -> Optional.of(MILAN);
                case 0x1, 0xA -> Optional.of(GENOA);
                default -> Optional.empty();
            };
        }
        return family == FAMILY_ZEN5 && model <= 0x11 ? Optional.of(TURIN) : Optional.empty();
    }
}
