package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.Tuple;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Header;
import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AnvilChain.class)
class ReceiptContractTest {
    private static final BundledChain CHAIN = new BundledChain();
    private static final int LAST = BundledChain.HEIGHTS;

    private static ReceiptsOnAnvil genesis(Anvil anvil) {
        return new ReceiptsOnAnvil(anvil, CHAIN.bundle(1, 1).start().anchor());
    }

    @Test
    void provesReceiptsFromOlderAndNewerAnchors(Anvil anvil) {
        ReceiptsOnAnvil contract = genesis(anvil);
        for (int height : List.of(1, 6, 11, 13, LAST)) {
            assertThat(contract.says(ReceiptsOnAnvil.verify(CHAIN.bundle(height, 1).abi())))
                    .as("height " + height)
                    .isEmpty();
            for (int from : List.of(1, 4, 12, 14, LAST)) {
                Bundle bundle = CHAIN.bundle(height, from);
                assertThat(contract.says(ReceiptsOnAnvil.verifyFrom(bundle.start().anchor(), bundle.abi())))
                        .as(height + " from " + from)
                        .isEmpty();
            }
        }
        assertThat(contract.says(ReceiptsOnAnvil.verify(CHAIN.bundle(1, LAST).abi())))
                .isEqualTo("anchor");
    }

    @Test
    void tellsWhatWasProved(Anvil anvil) {
        Bundle bundle = CHAIN.bundle(LAST, 1);
        Header header = bundle.header().header();
        Bytes answer = genesis(anvil).read(ReceiptsOnAnvil.verify(bundle.abi()));
        assertThat(answer.slice(32 * 12, header.chainId().length())).isEqualTo(Bytes.utf8(header.chainId()));
        assertThat(List.of(number(answer, 2), number(answer, 3), number(answer, 4), number(answer, 5)))
                .containsExactly(
                        header.epoch(), header.height(), (long) bundle.receipt().index(), header.timeMillis());
        assertThat(number(answer, 6))
                .isEqualTo(bundle.links().getFirst().header().header().timeMillis());
        assertThat(answer.slice(32 * 7, 32)).isEqualTo(header.id());
        assertThat(answer.slice(32 * 8, 32)).isEqualTo(Bytes.zeros(32));
        assertThat(number(answer, 9)).isEqualTo(1);
        int evidence = 32 + (int) number(answer, 10);
        assertThat(number(answer, evidence / 32)).isEqualTo(4);

        Bundle restart = CHAIN.bundleOfFirst(2, 1);
        Bytes ofTransaction = genesis(anvil).read(ReceiptsOnAnvil.verify(restart.abi()));
        assertThat(ofTransaction.slice(32 * 8, 32)).isEqualTo(restart.receipt().transactionHash());
    }

    private static long number(Bytes answer, int word) {
        return new BigInteger(1, answer.slice(32 * word, 32).toArray()).longValueExact();
    }

    @Test
    void refusesWhatTheOtherVerifiersRefuse(Anvil anvil) {
        ReceiptsOnAnvil contract = genesis(anvil);
        for (BundleCase it : BundleCase.all(CHAIN)) {
            Bytes call = ReceiptsOnAnvil.verifyFrom(it.anchor(), Bundle.ofJson(it.json()).abi());
            assertThat(contract.says(call)).as(it.name()).isEqualTo(it.fails());
        }
    }

    /** A changed byte may be one that proves nothing, as the y coordinate of a key that signed nothing is. */
    @Test
    void noChangedByteProvesAnythingElse(Anvil anvil) {
        ReceiptsOnAnvil contract = genesis(anvil);
        Random random = new Random(1);
        for (Bundle bundle : List.of(CHAIN.bundle(13, 1), CHAIN.bundle(LAST, 1))) {
            byte[] call = ReceiptsOnAnvil.verify(bundle.abi()).toArray();
            Bytes proven = contract.read(Bytes.wrap(call));
            int refused = 0;
            for (int i = 0; i < 150; i++) {
                byte[] changed = call.clone();
                changed[4 + random.nextInt(call.length - 4)] ^= (byte) (1 << random.nextInt(8));
                if (contract.says(Bytes.wrap(changed)).isEmpty()) {
                    assertThat(contract.read(Bytes.wrap(changed))).isEqualTo(proven);
                } else {
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(100);
        }
    }

    @Test
    void refusesBytesThatAreMissingOrTooMany(Anvil anvil) {
        ReceiptsOnAnvil contract = genesis(anvil);
        Bytes call = ReceiptsOnAnvil.verify(CHAIN.bundle(1, 1).abi());
        for (int length : List.of(4, 36, 300, call.length() / 2, call.length() - 1_000)) {
            assertThat(contract.says(call.slice(0, length))).as("" + length).isEqualTo("malformed");
        }
        Bytes nothing = ReceiptsOnAnvil.verify(Bytes.concat(Bytes.of((byte) 32).padLeft(32), Bytes.zeros(32 * 9)));
        assertThat(contract.says(nothing)).isEqualTo("malformed");
    }

    /** Another library reads the form as the contract's own description has it. */
    @Test
    void theFormIsWhatTheContractsInterfaceSays() {
        Bundle bundle = CHAIN.bundle(13, 1);
        Bytes call = ReceiptsOnAnvil.verify(bundle.abi());
        Tuple read = ReceiptsOnAnvil.function("verify").decodeCall(call.toArray());
        Tuple form = read.get(0);
        assertThat(Bytes.wrap(form.<byte[]>get(0))).isEqualTo(bundle.receipt().encode());
        assertThat(form.<Tuple[]>get(7)).hasSameSizeAs(bundle.links());
        assertThat(form.<Tuple[]>get(8)).hasSize(1);
        assertThat(ReceiptsOnAnvil.function("verify").encodeCall(read).array()).isEqualTo(call.toArray());
    }

    @Test
    void gasIsWhatTheDocumentSays(Anvil anvil) {
        ReceiptsOnAnvil contract = genesis(anvil);
        for (int size : List.of(4, 31)) {
            BundledChain chain = size == 4 ? CHAIN : new BundledChain(size);
            Bundle newest = chain.bundle(LAST, LAST);
            Bundle own = new Bundle(
                    newest.receipt(),
                    newest.path(),
                    newest.header(),
                    newest.validators(),
                    newest.start(),
                    List.of(),
                    java.util.Optional.empty());
            for (Bundle it : List.of(own, newest, chain.bundle(1, LAST), chain.bundle(1, 1))) {
                Bytes call = ReceiptsOnAnvil.verifyFrom(it.start().anchor(), it.abi());
                System.out.println("GAS n=" + size + " links " + it.links().size() + " bytes " + call.length() + " gas " + contract.gas(call)+" json "+it.json().length()/2);
            }
        }
    }
}
