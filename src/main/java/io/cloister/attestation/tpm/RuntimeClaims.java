package io.cloister.attestation.tpm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Base64;
import java.util.Optional;

/**
 * What Azure's paravisor states in the runtime JSON of its blob. Members that are not known are let be, because the
 * paravisor adds some from time to time and the hash covers them all.
 *
 * @param attestationKey the key of {@code kid} HCLAkPub
 * @param userData 64 bytes that the guest had written before the report was made; absent in old blobs
 * @param secureBoot {@code vm-configuration.secure-boot}
 * @param vmId {@code vm-configuration.vmUniqueId}
 */
public record RuntimeClaims(
        RsaKey attestationKey, Optional<Bytes> userData, Optional<Boolean> secureBoot, Optional<String> vmId) {
    /** The most bytes of JSON that are read. */
    public static final int MAX_SIZE = 8192;

    /** Bytes of user data. */
    public static final int USER_DATA_SIZE = 64;

    private static final String ATTESTATION_KEY = "HCLAkPub";
    private static final String EXPONENT_65537 = "AQAB";
    private static final int MAX_KEYS = 16;
    private static final int MAX_DEPTH = 16;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_SIZE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads runtime claims.
     *
     * @throws CodecException TOO_LONG, BAD_TEXT for what is not JSON of this form, OUT_OF_RANGE for the key,
     *     NOT_CANONICAL when there is not exactly one attestation key
     */
    public static RuntimeClaims parse(Bytes json) {
        if (json.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "runtime claims of " + json.length() + " bytes");
        }
        JsonNode root = read(json.asUtf8());
        JsonNode configuration = root.path("vm-configuration");
        return new RuntimeClaims(
                attestationKey(root.path("keys")),
                userData(root.path("user-data")),
                configuration.path("secure-boot").isBoolean()
                        ? Optional.of(configuration.path("secure-boot").booleanValue())
                        : Optional.empty(),
                configuration.path("vmUniqueId").isTextual()
                        ? Optional.of(configuration.path("vmUniqueId").textValue())
                        : Optional.empty());
    }

    private static JsonNode read(String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject()) {
                throw new CodecException(Reason.BAD_TEXT, "the runtime claims are no JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new CodecException(Reason.BAD_TEXT, "the runtime claims are no JSON", e);
        }
    }

    private static RsaKey attestationKey(JsonNode keys) {
        if (!keys.isArray() || keys.size() > MAX_KEYS) {
            throw new CodecException(Reason.BAD_TEXT, "the runtime claims have no list of keys, or one too long");
        }
        Optional<JsonNode> found = Optional.empty();
        for (JsonNode key : keys) {
            if (ATTESTATION_KEY.equals(key.path("kid").textValue())) {
                if (found.isPresent()) {
                    throw new CodecException(Reason.NOT_CANONICAL, "the runtime claims have two attestation keys");
                }
                found = Optional.of(key);
            }
        }
        return rsaKey(found.orElseThrow(
                () -> new CodecException(Reason.NOT_CANONICAL, "the runtime claims have no attestation key")));
    }

    private static RsaKey rsaKey(JsonNode key) {
        if (!"RSA".equals(key.path("kty").textValue())
                || !EXPONENT_65537.equals(key.path("e").textValue())) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the attestation key is not RSA with exponent 65537");
        }
        String modulus = key.path("n").asText();
        try {
            return new RsaKey(Bytes.wrap(Base64.getUrlDecoder().decode(modulus)));
        } catch (IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "the attestation key's modulus is not base64url", e);
        }
    }

    private static Optional<Bytes> userData(JsonNode digits) {
        if (digits.isMissingNode()) {
            return Optional.empty();
        }
        if (!digits.isTextual()
                || digits.textValue().length() != 2 * USER_DATA_SIZE
                || digits.textValue().startsWith("0x")) {
            throw new CodecException(Reason.BAD_TEXT, "user-data is not " + USER_DATA_SIZE + " bytes in hexadecimal");
        }
        return Optional.of(Bytes.hex(digits.textValue()));
    }
}
