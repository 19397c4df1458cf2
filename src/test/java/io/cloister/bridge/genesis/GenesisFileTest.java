package io.cloister.bridge.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Policy;
import io.cloister.bridge.Asset;
import io.cloister.channel.PeerAddress;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.MembershipRules;
import io.cloister.multichain.ProfileRefused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenesisFileTest {
    private static final Map<String, Long> CHECKPOINTS = Map.of("litecoin-regtest", 101L, "ethereum-dev", 3L);

    private final List<Member> members = new ArrayList<>();
    private final List<PeerAddress> addresses = new ArrayList<>();
    private final GenesisFile file = file();

    private GenesisFile file() {
        for (int slot = 1; slot <= 4; slot++) {
            Bytes node = SigningKey.generate().id();
            Bytes share = SigningKey.generate().id();
            members.add(new Member(slot, node, SigningKey.generate().id(), share, share, 1, 0, "D", Bytes.zeros(32)));
            addresses.add(new PeerAddress(node, "node" + slot, 9_000 + slot));
        }
        return with(members, addresses, CHECKPOINTS);
    }

    private static GenesisFile with(List<Member> members, List<PeerAddress> addresses, Map<String, Long> checkpoints) {
        Policy policy = Policy.devnet(List.of(Bytes.zeros(48)), List.of(Bytes.zeros(32)));
        return new GenesisFile(
                "genesis-test",
                1_750_000_000_000L,
                policy,
                MembershipRules.DEFAULT,
                members,
                addresses,
                List.of(asset()),
                checkpoints);
    }

    private static Asset asset() {
        return new Asset(
                "LTC",
                "litecoin-regtest",
                8_400_000_000_000_000L,
                "ethereum-dev",
                31_337,
                Bytes.hex("c0".repeat(20)),
                Bytes.hex("70".repeat(20)),
                25,
                10,
                50_000,
                40_000,
                1_000_000_000L,
                2_000,
                50_000,
                172_800_000,
                1,
                List.of(SigningKey.generate().id()));
    }

    private static Bytes json(String text) {
        return Bytes.utf8(text);
    }

    @Test
    void isReadBackAsItWasWritten() {
        GenesisFile read = GenesisFile.parse(json(file.toJson()));
        assertThat(read).isEqualTo(file);
        assertThat(read.digest()).isEqualTo(file.digest());
        AssetsFile assets = new AssetsFile(file.assets(), CHECKPOINTS);
        assertThat(AssetsFile.parse(json(assets.toJson()))).isEqualTo(assets);
    }

    @Test
    void theDigestDependsOnEverythingButNotOnTheOrderOfAMap() {
        Map<String, Long> later = new HashMap<>(CHECKPOINTS);
        later.put("ethereum-dev", 4L);
        assertThat(with(members, addresses, later).digest()).isNotEqualTo(file.digest());
        Map<String, Long> same = new HashMap<>();
        same.put("ethereum-dev", 3L);
        same.put("litecoin-regtest", 101L);
        Bytes other = GenesisFile.parse(json(file.toJson().replace("\n", "").replace(" : ", ":")))
                .digest();
        assertThat(other).isEqualTo(file.digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"chainId\" : \"genesis-test\"|\"chainId\" : 7",
                "\"chainId\" : \"genesis-test\"|\"chainId\" : \"two words\"",
                "\"chainId\" : \"genesis-test\"|\"chainID\" : \"genesis-test\"",
                "\"chainId\" : \"genesis-test\"|\"chainId\" : \"genesis-test\", \"more\" : 1",
                "\"chainId\" : \"genesis-test\"|\"chainId\" : \"genesis-test\", \"chainId\" : \"genesis-test\"",
                "\"timeMillis\" : 1750000000000|\"timeMillis\" : 1.75e12",
                "\"timeMillis\" : 1750000000000|\"timeMillis\" : -1",
                "\"timeMillis\" : 1750000000000|\"timeMillis\" : 99999999999999999999",
                "\"slot\" : 2|\"slot\" : 3",
                "\"operators\" : [ ]|\"operators\" : [ \"02\" ]",
                "\"operatorsCapped\" : false|\"operatorsCapped\" : 0",
                "\"evidenceAgeMillis\" : 86400000|\"evidenceAgeMillis\" : 1",
                "\"readinessBlocks\" : 1000|\"readinessBlocks\" : 0",
                "\"slot\" : 2|\"slot\" : 4294967298",
                "\"port\" : 9001|\"port\" : 0",
                "\"port\" : 9001|\"port\" : 65536",
                "\"mintFeeBps\" : 25|\"mintFeeBps\" : 4294967321",
                "\"mintFeeBps\" : 25|\"mintFeeBps\" : 10000",
                "\"guardianThreshold\" : 1|\"guardianThreshold\" : 2",
                "\"guardianThreshold\" : 1|\"guardianThreshold\" : 0",
                "\"minimumDeposit\" : \"50000\"|\"minimumDeposit\" : 50000",
                "\"minimumDeposit\" : \"50000\"|\"minimumDeposit\" : \"5e4\"",
                "\"minimumDeposit\" : \"50000\"|\"minimumDeposit\" : \"0\"",
                "\"feeRateFloor\" : 2000|\"feeRateFloor\" : 60000",
                "\"evmChain\" : \"ethereum-dev\"|\"evmChain\" : \"bitcoin-regtest\"",
                "\"litecoin-regtest\" : 101|\"bitcoin-regtest\" : 101",
                "\"0xc0c0|\"0xc0c",
            })
    void refusesADocumentThatIsNotExactlyOne(String good, String bad) {
        assertThat(file.toJson()).contains(good);
        String broken = file.toJson().replaceFirst(Pattern.quote(good), bad);
        assertThatThrownBy(() -> GenesisFile.parse(json(broken))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "litecoin-regtest, bitcoin",
        "litecoin-regtest, litecoin",
        "litecoin-regtest, bitcoin-testnet",
        "ethereum-dev, ethereum",
        "ethereum-dev, no-such-chain"
    })
    void refusesAChainThatIsNotServedByName(String served, String other) {
        AssetsFile assets = new AssetsFile(file.assets(), CHECKPOINTS);
        String genesis = file.toJson().replace('"' + served + '"', '"' + other + '"');
        String wanted = assets.toJson().replace('"' + served + '"', '"' + other + '"');

        assertThatThrownBy(() -> GenesisFile.parse(json(genesis)))
                .isInstanceOf(ProfileRefused.class)
                .hasMessageContaining(other);
        assertThatThrownBy(() -> AssetsFile.parse(json(wanted)))
                .isInstanceOf(ProfileRefused.class)
                .hasMessageContaining(other);
        assertThatThrownBy(() -> new AssetsFile(List.of(), Map.of(other, 1L))).isInstanceOf(ProfileRefused.class);
    }

    @Test
    void refusesListsThatAreNoneAndWhatIsNoJson() {
        String good = file.toJson();
        String guardian = asset().guardians().getFirst().toHex();
        for (String bad : List.of(
                "",
                "[]",
                "null",
                good + "{}",
                good.substring(0, good.length() / 2),
                good.replaceFirst("(?s)\"guardians\" : \\[[^]]*]", "\"guardians\" : {\"a\":\"" + guardian + "\"}"),
                good.replaceFirst("(?s)\"guardians\" : \\[[^]]*]", "\"guardians\" : [1]"),
                good.replaceFirst("(?s)\"members\" : \\[.*?]", "\"members\" : {}"),
                good.replaceFirst("(?s)\"members\" : \\[.*?]", "\"members\" : []"))) {
            assertThat(bad).isNotEqualTo(good);
            assertThatThrownBy(() -> GenesisFile.parse(json(bad))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesMembersThatDoNotFitTogether() {
        List<PeerAddress> swapped = new ArrayList<>(addresses);
        swapped.set(0, addresses.get(1));
        swapped.set(1, addresses.get(0));
        assertThatThrownBy(() -> with(members, swapped, CHECKPOINTS)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with(members, addresses.subList(0, 3), CHECKPOINTS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with(members.subList(1, 4), addresses.subList(1, 4), CHECKPOINTS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> with(members, addresses, Map.of("litecoin-regtest", 1L)))
                .hasMessageContaining("no checkpoint");
        Member first = members.getFirst();
        Member twin = members.get(1);
        List<Member> doubled = new ArrayList<>(members);
        doubled.set(
                1,
                new Member(
                        2,
                        twin.nodeId(),
                        first.voteKey(),
                        twin.epochKey(),
                        twin.bootShareKey(),
                        1,
                        0,
                        "D",
                        Bytes.zeros(32)));
        assertThatThrownBy(() -> with(doubled, addresses, CHECKPOINTS)).hasMessageContaining("share a key");
    }
}
