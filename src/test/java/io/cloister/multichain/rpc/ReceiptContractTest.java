package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esaulpaugh.headlong.abi.ABIJSON;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Anchor;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import io.cloister.multichain.ethereum.View;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AnvilChain.class)
class ReceiptContractTest {
    private static final ContractArtifact ARTIFACT = ContractArtifact.load("CloisterReceipts");
    private static final Function VERIFY = function("verify");
    private static final Function VERIFY_FROM = function("verifyFrom");
    private static final List<String> FINDINGS =
            List.of("receipt", "anchor", "links", "validators", "certificate", "attestation");
    private static final BundledChain CHAIN = new BundledChain();

    private static Function function(String name) {
        return ABIJSON.parseNormalFunctions(ARTIFACT.abi()).stream()
                .filter(it -> it.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A contract with an anchor of its own. */
    private record Deployed(EthereumRpc rpc, EthereumAccount account, Bytes contract) {
        static Deployed on(Anvil anvil, Anchor anchor) {
            EthereumAccount account = new EthereumAccount(anvil.ethereum(), SigningKey.generate());
            anvil.fund(account.address(), BigInteger.TEN.pow(20));
            Bytes code = Bytes.concat(ARTIFACT.bytecode(), anchored(anchor));
            Bytes hash = account.submit(Optional.empty(), code);
            anvil.mine(1);
            Bytes contract =
                    account.await(hash, Duration.ofSeconds(20)).created().orElseThrow();
            return new Deployed(anvil.ethereum(), account, contract);
        }

        Tuple verify(Bytes abi) {
            return read(VERIFY, call(VERIFY, Bytes.EMPTY, abi));
        }

        Tuple verify(Anchor anchor, Bytes abi) {
            return read(VERIFY_FROM, call(VERIFY_FROM, anchored(anchor), abi));
        }

        private Tuple read(Function function, Bytes call) {
            return rpc.read(
                    contract,
                    new View<>(call, answer -> function.<Tuple>decodeSingletonReturn(answer.toArray())));
        }

        /** "" when the bundle is accepted, else the finding that does not hold, or malformed. */
        String says(Anchor anchor, Bytes abi) {
            try {
                verify(anchor, abi);
                return "";
            } catch (RpcException e) {
                if (e.data().equals(selector("Malformed()"))) {
                    return "malformed";
                }
                assertThat(e.data().slice(0, 4)).isEqualTo(selector("Refused(uint8)"));
                return FINDINGS.get(e.data().at(35));
            }
        }
    }

    private static Bytes selector(String signature) {
        return Hashes.keccak256(Bytes.utf8(signature)).slice(0, 4);
    }

    private static Bytes anchored(Anchor anchor) {
        return Bytes.concat(new Writer().u64(anchor.height()).toBytes().padLeft(32), anchor.validatorsHash());
    }

    /** The form is an offset and the bundle; fixed arguments before it move the offset. */
    private static Bytes call(Function function, Bytes before, Bytes abi) {
        Bytes offset = new Writer().u64(32 + before.length()).toBytes().padLeft(32);
        return Bytes.concat(Bytes.wrap(function.selector()), before, offset, abi.slice(32, abi.length() - 32));
    }

    @Test
    void provesReceiptsFromOlderAndNewerAnchors(Anvil anvil) {
        Bundle first = CHAIN.bundle(13, 1);
        Deployed deployed = Deployed.on(anvil, first.start().anchor());
        for (int height : List.of(1, 6, 11, 13, 16)) {
            Bundle bundle = CHAIN.bundle(height, 1);
            Tuple proven = deployed.verify(bundle.abi());
            assertThat(proven.<String>get(0)).isEqualTo(bundle.header().header().chainId());
            assertThat(proven.<BigInteger>get(1)).isEqualTo(bundle.header().header().epoch());
            for (int from : List.of(4, 12, 14, 16)) {
                Bundle other = CHAIN.bundle(height, from);
                assertThat(deployed.says(other.start().anchor(), other.abi()))
                        .as(height + " from " + from)
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesWhatTheOtherVerifiersRefuse(Anvil anvil) {
        Deployed deployed = Deployed.on(anvil, CHAIN.bundle(1, 1).start().anchor());
        for (BundleCase it : BundleCase.all(CHAIN)) {
            Bytes abi = Bundle.ofJson(it.json()).abi();
            assertThat(deployed.says(it.anchor(), abi)).as(it.name()).isEqualTo(it.fails());
        }
    }
}
