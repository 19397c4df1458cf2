package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.ABIJSON;
import com.esaulpaugh.headlong.abi.Function;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.receipt.bundle.Anchor;
import io.cloister.multichain.ethereum.View;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The contract that verifies receipts, with an anchor of its own, on a shared anvil. */
final class ReceiptsOnAnvil {
    private static final ContractArtifact ARTIFACT = ContractArtifact.load(ContractArtifact.RECEIPTS);
    private static final List<String> FINDINGS =
            List.of("receipt", "anchor", "links", "validators", "certificate", "attestation");

    final Bytes contract;

    private final EthereumRpc rpc;
    private final EthereumAccount account;

    ReceiptsOnAnvil(Anvil anvil, Anchor anchor) {
        rpc = anvil.ethereum();
        account = new EthereumAccount(rpc, SigningKey.generate());
        anvil.fund(account.address(), BigInteger.TEN.pow(18));
        Bytes hash = account.submit(Optional.empty(), Bytes.concat(ARTIFACT.bytecode(), arguments(anchor)));
        anvil.mine(1);
        contract = account.await(hash, Duration.ofSeconds(20)).created().orElseThrow();
    }

    static Function function(String name) {
        return ABIJSON.parseNormalFunctions(ARTIFACT.abi()).stream()
                .filter(it -> it.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Bytes arguments(Anchor anchor) {
        return Bytes.concat(word(anchor.height()), anchor.validatorsHash());
    }

    private static Bytes word(long value) {
        return new Writer().u64(value).toBytes().padLeft(32);
    }

    static Bytes verify(Bytes abi) {
        return Bytes.concat(Bytes.wrap(function("verify").selector()), abi);
    }

    /** The form is an offset and the bundle; the anchor before it moves the offset. */
    static Bytes verifyFrom(Anchor anchor, Bytes abi) {
        return Bytes.concat(
                Bytes.wrap(function("verifyFrom").selector()),
                arguments(anchor),
                word(96),
                abi.slice(32, abi.length() - 32));
    }

    /** What a call gives back. */
    Bytes read(Bytes call) {
        return rpc.read(contract, new View<>(call, answer -> answer));
    }

    long gas(Bytes call) {
        return rpc.estimateGas(account.address(), Optional.of(contract), call);
    }

    /** "" when the contract accepts the bundle, else the finding that does not hold, or "malformed". */
    String says(Bytes call) {
        try {
            read(call);
            return "";
        } catch (RpcException e) {
            if (!e.data().startsWith(selector("Refused(uint8)"))) {
                assertThat(e.data().isEmpty()
                                || e.data().startsWith(selector("Malformed()"))
                                || e.data().startsWith(selector("Panic(uint256)")))
                        .as(e.toString())
                        .isTrue();
                return "malformed";
            }
            return FINDINGS.get(e.data().at(35));
        }
    }

    private static Bytes selector(String signature) {
        return Hashes.keccak256(Bytes.utf8(signature)).slice(0, 4);
    }
}
