package io.cloister.ledger.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.attestation.Check;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.StrictJson;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.state.StateProof;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * A signed statement with the proof that it follows from.
 *
 * @param token the statement as JWS in compact form
 * @param proof what it follows from
 */
public record SignedStatement(String token, NetworkProof proof) {
    /** Bytes of the document, at most. */
    public static final int MAX_SIZE = 32 * 1024 * 1024;

    /**
     * As the document has it. Only the token is signed; the statement beside it is for people and checked against it.
     *
     * @param statement the token's payload
     */
    record Document(JsonNode statement, String token, ProofDocument proof) {}

    /** The parts in binary form, as hexadecimal behind {@code 0x}. */
    record ProofDocument(String header, String certificate, String validators, String policy, List<String> evidence) {}

    public static SignedStatement of(NetworkProof proof, SigningKey resultKey) {
        return new SignedStatement(NetworkStatement.of(proof).sign(resultKey), proof);
    }

    /** See {@link NetworkStatement#check}. */
    public List<Check> check() {
        return NetworkStatement.check(token, proof);
    }

    public String toJson() {
        Writer header = new Writer();
        proof.header().encode(header);
        ProofDocument parts = new ProofDocument(
                header.toBytes().to0x(),
                proof.certificate().encode().to0x(),
                proof.validators().encode().to0x(),
                proof.policy().encode().to0x(),
                proof.evidence().stream().map(each -> each.encode().to0x()).toList());
        try {
            JsonNode statement =
                    StrictJson.MAPPER.readTree(NetworkStatement.of(proof).toJson());
            return StrictJson.MAPPER.writeValueAsString(new Document(statement, token, parts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }

    /**
     * Reads a document; the statement beside the token must be what the proof shows.
     *
     * @throws CodecException for anything that is no such document
     */
    public static SignedStatement parse(Bytes json) {
        if (json.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a statement of " + json.length() + " bytes");
        }
        try {
            Document document = StrictJson.MAPPER.readValue(json.asUtf8(), Document.class);
            ProofDocument parts = document.proof();
            if (parts.evidence().contains(null)) {
                throw new CodecException(Reason.BAD_TEXT, "a piece of evidence is null");
            }
            NetworkProof proof = new NetworkProof(
                    whole(parts.header(), Header::decode),
                    whole(parts.certificate(), Certificate::decode),
                    whole(parts.validators(), ValidatorSet::decode),
                    whole(parts.policy(), StateProof::decode),
                    parts.evidence().stream()
                            .map(hex -> Evidence.decode(Bytes.hex(hex)))
                            .toList());
            JsonNode shown =
                    StrictJson.MAPPER.readTree(NetworkStatement.of(proof).toJson());
            if (!shown.equals(document.statement())) {
                throw new CodecException(Reason.NOT_CANONICAL, "the statement does not say what the proof shows");
            }
            return new SignedStatement(document.token(), proof);
        } catch (IOException e) {
            throw new CodecException(Reason.BAD_TEXT, "not a network statement", e);
        }
    }

    private static <T> T whole(String hex, Function<Reader, T> decoder) {
        Reader in = new Reader(Bytes.hex(hex));
        T value = decoder.apply(in);
        in.end();
        return value;
    }
}
