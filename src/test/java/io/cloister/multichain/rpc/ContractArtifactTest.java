package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.esaulpaugh.headlong.abi.ABIJSON;
import com.esaulpaugh.headlong.abi.Event;
import com.esaulpaugh.headlong.abi.Function;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.ethereum.GatewayEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractArtifactTest {
    private static final Path SOURCES = Path.of("src/main/solidity");

    @Test
    void wereCompiledFromTheSourcesThatAreHere() throws IOException {
        List<String> names = new ArrayList<>(List.of("settings.json", "package.json"));
        try (Stream<Path> contracts = Files.list(SOURCES.resolve("contracts"))) {
            contracts.map(file -> "contracts/" + file.getFileName()).sorted().forEach(names::add);
        }
        Writer writer = new Writer();
        for (String name : names) {
            writer.bytes(Bytes.utf8(name)).bytes(Bytes.wrap(Files.readAllBytes(SOURCES.resolve(name))));
        }
        String hash = Hashes.sha256(writer.toBytes()).toHex();
        for (String contract : List.of(ContractArtifact.GATEWAY, ContractArtifact.ASSET, ContractArtifact.RECEIPTS)) {
            assertThat(ContractArtifact.load(contract).sourceHash())
                    .as("run: npm run compile")
                    .isEqualTo(hash);
        }
    }

    @Test
    void areWhatThePinnedCompilerMakesOfThem(@TempDir Path folder) throws Exception {
        assumeThat(SOURCES.resolve("node_modules/solc"))
                .as("npm ci has not been run")
                .exists();
        assumeThat(hasNode()).as("node is not installed").isTrue();
        Process compile = new ProcessBuilder("node", "compile.mjs", "--check")
                .directory(SOURCES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertThat(compile.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(compile.exitValue())
                .as(Files.readString(folder.resolve("output")))
                .isZero();
    }

    private static boolean hasNode() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
    }

    @Test
    void declareTheCallsAndEventsThatWeUse() {
        String abi = ContractArtifact.load(ContractArtifact.GATEWAY).abi();
        assertThat(ABIJSON.parseNormalFunctions(abi))
                .extracting(Function::getCanonicalSignature)
                .contains(
                        "mint(bytes32,uint256,address,bytes32,bytes)",
                        "burn(bytes,uint256)",
                        "initializeAuthority(address)",
                        "rotateAuthority(address,bytes)",
                        "voteAuthority(address)");
        assertThat(ABIJSON.parseEvents(abi))
                .extracting(Event::getCanonicalSignature)
                .extracting(signature -> Hashes.keccak256(Bytes.utf8(signature)))
                .contains(GatewayEvent.BURNED, GatewayEvent.MINTED, GatewayEvent.AUTHORITY_CHANGED);
    }

    @Test
    void giveNobodyARightThatIsNotDocumented() {
        List<String> changing =
                ABIJSON
                        .parseNormalFunctions(
                                ContractArtifact.load(ContractArtifact.GATEWAY).abi())
                        .stream()
                        .filter(function -> function.getStateMutability().equals("nonpayable"))
                        .map(Function::getName)
                        .toList();
        assertThat(changing)
                .containsExactlyInAnyOrder("mint", "burn", "initializeAuthority", "rotateAuthority", "voteAuthority");
    }
}
