package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.Tuple;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.membership.BundledChain;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.BundleCase;
import io.cloister.ledger.receipt.bundle.GoldenBundles;
import io.cloister.ledger.receipt.bundle.Standing;
import io.cloister.multichain.rpc.dev.Anvil;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
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
            assertThat(contract.says(
                            ReceiptsOnAnvil.verify(CHAIN.bundle(height, 1).abi())))
                    .as("height " + height)
                    .isEmpty();
            for (int from : List.of(1, 4, 12, 14, LAST)) {
                Bundle bundle = CHAIN.bundle(height, from);
                assertThat(contract.says(
                                ReceiptsOnAnvil.verifyFrom(bundle.start().anchor(), bundle.abi())))
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
            Bytes call = ReceiptsOnAnvil.verifyFrom(
                    it.anchor(), Bundle.ofJson(it.json()).abi());
            assertThat(contract.says(call)).as(it.name()).isEqualTo(it.fails());
        }
        for (BundleCase it : GoldenBundles.cases()) {
            Bytes call = ReceiptsOnAnvil.verifyFrom(it.anchor(), GoldenBundles.abi(it));
            assertThat(contract.says(call)).as(it.name()).isEmpty();
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
    void gasIsWhatTheDocumentSays(Anvil anvil) throws IOException {
        ReceiptsOnAnvil contract = genesis(anvil);
        Map<String, List<Long>> said = documented();
        Map<String, List<Long>> spent = new TreeMap<>();
        for (BundledChain chain : List.of(CHAIN, new BundledChain(31))) {
            Bundle newer = chain.bundle(1, LAST);
            Standing with = newer.standing().orElseThrow();
            Standing without = new Standing(with.header(), with.history(), with.at(), with.after(), List.of());
            Bundle restart = chain.bundle(11, 9);
            Bundle recovery = chain.bundle(7, 4);
            Map<String, Bundle> bundles = Map.of(
                    "its own set",
                            of(
                                    newer,
                                    newer.validators(),
                                    newer.header().header().height(),
                                    0,
                                    Optional.empty()),
                    "over one restart", of(restart, restart.start().validators(), 9, 1, Optional.empty()),
                    "over one recovery", of(recovery, recovery.start().validators(), 4, 1, Optional.empty()),
                    "newer anchor", newer,
                    "newer anchor, no members", of(newer, newer.start().validators(), LAST, 0, Optional.of(without)));
            bundles.forEach((name, it) -> {
                Bytes call = ReceiptsOnAnvil.verifyFrom(it.start().anchor(), it.abi());
                spent.computeIfAbsent(name, key -> new ArrayList<>())
                        .addAll(List.of(contract.gas(call), (long) it.abi().length()));
            });
        }
        assertThat(spent.keySet()).isEqualTo(said.keySet());
        spent.forEach((name, numbers) -> {
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i))
                        .as(spent.toString())
                        .isCloseTo(said.get(name).get(i), Percentage.withPercentage(2));
            }
        });
    }

    private static Bundle of(Bundle it, ValidatorSet set, long height, int links, Optional<Standing> standing) {
        return new Bundle(
                it.receipt(),
                it.path(),
                it.header(),
                it.validators(),
                new Bundle.Start(height, set),
                it.links().subList(0, links),
                standing);
    }

    /** The rows of the table of gas: gas and bytes for 4 and for 31 validators. */
    private static Map<String, List<Long>> documented() throws IOException {
        Map<String, List<Long>> rows = new TreeMap<>();
        Pattern row = Pattern.compile("\\| ([a-z, ]+) \\| ([0-9,]+) \\| ([0-9,]+) \\| ([0-9,]+) \\| ([0-9,]+) \\|");
        for (String line : Files.readAllLines(Path.of("docs", "receipts.md"))) {
            Matcher found = row.matcher(line);
            if (found.matches()) {
                rows.put(
                        found.group(1),
                        IntStream.rangeClosed(2, 5)
                                .mapToObj(i -> Long.valueOf(found.group(i).replace(",", "")))
                                .toList());
            }
        }
        return rows;
    }
}
