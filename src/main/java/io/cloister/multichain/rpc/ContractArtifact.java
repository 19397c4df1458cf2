package io.cloister.multichain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A contract as it was compiled and committed.
 *
 * @param compiler version that compiled it
 * @param sourceHash SHA-256 over the sources and settings it was compiled from, see docs/contracts.md
 * @param abi JSON text
 * @param bytecode what creates it, constructor arguments to be appended
 */
public record ContractArtifact(String contract, String compiler, String sourceHash, String abi, Bytes bytecode) {
    public static final String GATEWAY = "CloisterGateway";
    public static final String ASSET = "CloisterAsset";

    /** Verifies receipts of a chain of ours; docs/receipts.md. */
    public static final String RECEIPTS = "CloisterReceipts";

    /** Reads the artifact of a contract from the class path. */
    public static ContractArtifact load(String contract) {
        String place = "/contracts/" + contract + ".json";
        try (InputStream stream = ContractArtifact.class.getResourceAsStream(place)) {
            if (stream == null) {
                throw new IllegalArgumentException("no artifact at " + place);
            }
            JsonNode json = Json.parse(stream.readAllBytes());
            return new ContractArtifact(
                    Json.text(Json.field(json, "contract")),
                    Json.text(Json.field(json, "compiler")),
                    Json.text(Json.field(json, "sourceHash")),
                    Json.write(Json.field(json, "abi")),
                    Json.bytes(Json.field(json, "bytecode")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
