package io.cloister.multichain;

import io.cloister.multichain.BitcoinProfile.ProofOfWork;
import io.cloister.multichain.BitcoinProfile.RelativeTimelock;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chains this release knows. Those with value are known so that their addresses are recognised and refused by name;
 * see {@link ChainProfile#requireServable()}.
 */
public final class ChainProfiles {
    private static final BigInteger REGTEST_LIMIT =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE);
    private static final long COIN = 100_000_000L;

    public static final BitcoinProfile LITECOIN_REGTEST = new BitcoinProfile(
            "litecoin-regtest",
            "LTC",
            "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9",
            "rltc",
            0x6f,
            List.of(0x3a, 0xc4),
            RelativeTimelock.CSV,
            BitcoinProfile.ONE_WEEK_SEQUENCE,
            ProofOfWork.SCRYPT,
            REGTEST_LIMIT,
            new ConfirmationPolicy(3, 50 * COIN, 60),
            30_000,
            1_000,
            1_000_000,
            true);

    public static final BitcoinProfile LITECOIN = new BitcoinProfile(
            "litecoin",
            "LTC",
            "12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2",
            "ltc",
            0x30,
            List.of(0x32, 0x05),
            RelativeTimelock.CSV,
            BitcoinProfile.ONE_WEEK_SEQUENCE,
            ProofOfWork.SCRYPT,
            BigInteger.ONE.shiftLeft(236).subtract(BigInteger.ONE),
            new ConfirmationPolicy(12, 6 * COIN, 120),
            30_000,
            1_000,
            1_000_000,
            false);

    public static final BitcoinProfile BITCOIN_REGTEST = new BitcoinProfile(
            "bitcoin-regtest",
            "BTC",
            "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
            "bcrt",
            0x6f,
            List.of(0xc4),
            RelativeTimelock.CSV,
            BitcoinProfile.ONE_WEEK_SEQUENCE,
            ProofOfWork.DOUBLE_SHA256,
            REGTEST_LIMIT,
            new ConfirmationPolicy(3, 50 * COIN, 60),
            3_000,
            1_000,
            1_000_000,
            true);

    public static final BitcoinProfile BITCOIN_TESTNET = new BitcoinProfile(
            "bitcoin-testnet",
            "BTC",
            "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
            "tb",
            0x6f,
            List.of(0xc4),
            RelativeTimelock.CSV,
            BitcoinProfile.ONE_WEEK_SEQUENCE,
            ProofOfWork.DOUBLE_SHA256,
            BigInteger.ONE.shiftLeft(224).subtract(BigInteger.ONE),
            new ConfirmationPolicy(6, 3 * COIN, 60),
            3_000,
            1_000,
            1_000_000,
            false);

    public static final BitcoinProfile BITCOIN = new BitcoinProfile(
            "bitcoin",
            "BTC",
            "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
            "bc",
            0x00,
            List.of(0x05),
            RelativeTimelock.CSV,
            BitcoinProfile.ONE_WEEK_SEQUENCE,
            ProofOfWork.DOUBLE_SHA256,
            BigInteger.ONE.shiftLeft(224).subtract(BigInteger.ONE),
            new ConfirmationPolicy(6, 3 * COIN, 60),
            3_000,
            1_000,
            1_000_000,
            false);

    /** No segregated witness and no relative timelock: known so that a gateway on it is refused. */
    public static final BitcoinProfile DOGECOIN = new BitcoinProfile(
            "dogecoin",
            "DOGE",
            "1a91e3dace36e2be3bf030a65679fe821aa1d6ef92e7c9902eb318182c355691",
            "",
            0x1e,
            List.of(0x16),
            RelativeTimelock.NONE,
            0,
            ProofOfWork.SCRYPT,
            BigInteger.ONE.shiftLeft(236).subtract(BigInteger.ONE),
            new ConfirmationPolicy(40, 10_000 * COIN, 240),
            1_000_000,
            1_000_000,
            100_000_000,
            false);

    /** anvil and hardhat's chain id. */
    public static final EthereumProfile ETHEREUM_DEV = new EthereumProfile(
            "ethereum-dev", "Ethereum", 31337, new ConfirmationPolicy(2, Long.MAX_VALUE, 64), true, true);

    public static final EthereumProfile ETHEREUM = new EthereumProfile(
            "ethereum", "Ethereum", 1, new ConfirmationPolicy(64, Long.MAX_VALUE, 128), true, false);

    private static final Map<String, ChainProfile> ALL = Stream.of(
                    LITECOIN_REGTEST,
                    LITECOIN,
                    BITCOIN_REGTEST,
                    BITCOIN_TESTNET,
                    BITCOIN,
                    DOGECOIN,
                    ETHEREUM_DEV,
                    ETHEREUM)
            .collect(Collectors.toUnmodifiableMap(ChainProfile::name, Function.identity()));

    private ChainProfiles() {}

    /**
     * The profile of that name.
     *
     * @throws ProfileRefused UNKNOWN
     */
    public static ChainProfile named(String name) {
        ChainProfile profile = ALL.get(name);
        if (profile == null) {
            throw new ProfileRefused(ProfileRefused.Reason.UNKNOWN, "no chain is called " + name);
        }
        return profile;
    }

    /** Every Bitcoin-family profile, in the order of their names. */
    public static List<BitcoinProfile> bitcoinFamily() {
        return ALL.values().stream()
                .filter(BitcoinProfile.class::isInstance)
                .map(BitcoinProfile.class::cast)
                .sorted(Comparator.comparing(BitcoinProfile::name))
                .toList();
    }
}
