package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.AddressRefused.Reason;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.Vectors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BitcoinAddressTest {

    @Test
    void agreesWithBitcoinCoresValidAddresses() {
        int checked = 0;
        for (JsonNode test : Vectors.json("multichain/bitcoin/key_io_valid.json")) {
            Optional<BitcoinProfile> profile = profile(test.get(2).path("chain").asText());
            if (profile.isEmpty() || test.get(2).path("isPrivkey").asBoolean()) {
                continue;
            }
            String address = test.get(0).asText();
            Bytes script = Bytes.hex(test.get(1).asText());
            boolean later = script.at(0) > 0x51 && script.at(0) <= 0x60;
            if (later) {
                refuses(profile.get(), address, Reason.UNSUPPORTED);
            } else {
                assertThat(BitcoinAddress.toScript(profile.get(), address)).isEqualTo(script);
                assertThat(BitcoinAddress.ofScript(profile.get(), script)).contains(address);
                refusesElsewhere(profile.get(), address);
                if (test.get(2).path("tryCaseFlip").asBoolean()) {
                    assertThat(BitcoinAddress.toScript(profile.get(), address.toUpperCase(Locale.ROOT)))
                            .isEqualTo(script);
                }
            }
            checked++;
        }
        assertThat(checked).isGreaterThan(30);
    }

    private static void refusesElsewhere(BitcoinProfile own, String address) {
        BitcoinProfile other =
                own.equals(ChainProfiles.BITCOIN) ? ChainProfiles.LITECOIN_REGTEST : ChainProfiles.BITCOIN;
        refuses(other, address, Reason.WRONG_NETWORK);
    }

    private static Optional<BitcoinProfile> profile(String chain) {
        return switch (chain) {
            case "main" -> Optional.of(ChainProfiles.BITCOIN);
            case "testnet4" -> Optional.of(ChainProfiles.BITCOIN_TESTNET);
            case "regtest" -> Optional.of(ChainProfiles.BITCOIN_REGTEST);
            default -> Optional.empty();
        };
    }

    @Test
    void refusesBitcoinCoresInvalidAddressesEverywhere() {
        for (JsonNode test : Vectors.json("multichain/bitcoin/key_io_invalid.json")) {
            for (BitcoinProfile profile : ChainProfiles.bitcoinFamily()) {
                assertThatThrownBy(() ->
                                BitcoinAddress.toScript(profile, test.get(0).asText()))
                        .as(test.get(0).asText())
                        .isInstanceOf(AddressRefused.class);
            }
        }
    }

    @Test
    void namesTheNetworkThatAnAddressBelongsTo() {
        assertThatThrownBy(() -> BitcoinAddress.toScript(
                        ChainProfiles.LITECOIN_REGTEST, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"))
                .hasMessageContaining("bitcoin")
                .isInstanceOfSatisfying(
                        AddressRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.WRONG_NETWORK));
    }

    @Test
    void refusesTextThatIsNoAddress() {
        for (String text : List.of("", "1", "rltc1", "rltc1q", "x".repeat(5_000), "ltcmweb1qq", "\u0000\u00e9", " ")) {
            refuses(ChainProfiles.LITECOIN_REGTEST, text, Reason.MALFORMED);
        }
    }

    @Test
    void readsTheRecipientOfABurnAndRefusesBytesThatAreNoText() {
        String address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        assertThat(BitcoinAddress.toScript(ChainProfiles.BITCOIN, Bytes.utf8(address)))
                .isEqualTo(BitcoinAddress.toScript(ChainProfiles.BITCOIN, address));
        assertThatThrownBy(() -> BitcoinAddress.toScript(ChainProfiles.BITCOIN, Bytes.hex("ff00fe")))
                .isInstanceOfSatisfying(
                        AddressRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
    }

    private static void refuses(BitcoinProfile profile, String address, Reason reason) {
        assertThatThrownBy(() -> BitcoinAddress.toScript(profile, address))
                .as(address)
                .isInstanceOfSatisfying(
                        AddressRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
