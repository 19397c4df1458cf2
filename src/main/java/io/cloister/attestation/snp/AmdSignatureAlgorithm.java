package io.cloister.attestation.snp;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** How AMD signs certificates and revocation lists: RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt of 48 bytes. */
final class AmdSignatureAlgorithm {
    private static final String PSS_OID = "1.2.840.113549.1.1.10";
    private static final int SALT = 48;

    private AmdSignatureAlgorithm() {}

    /** Whether an AlgorithmIdentifier says so; {@code parameters} are in DER. */
    static boolean matches(String oid, byte @Nullable [] parameters) {
        if (!oid.equals(PSS_OID) || parameters == null) {
            return false;
        }
        try {
            AlgorithmParameters decoded = AlgorithmParameters.getInstance("RSASSA-PSS");
            decoded.init(parameters);
            PSSParameterSpec spec = decoded.getParameterSpec(PSSParameterSpec.class);
            return spec.getDigestAlgorithm().equals("SHA-384")
                    && spec.getMGFParameters() instanceof MGF1ParameterSpec mask
                    && mask.getDigestAlgorithm().equals("SHA-384")
                    && spec.getSaltLength() == SALT
                    && spec.getTrailerField() == PSSParameterSpec.TRAILER_FIELD_BC;
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }
}
