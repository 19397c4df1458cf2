package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.bitcoin.Guardians;
import java.util.List;

/**
 * An asset that lives on a chain of the Bitcoin family and is minted on an EVM chain. Amounts are in its smallest unit.
 *
 * @param symbol such as {@code LTC}, 1 to 16 letters and digits
 * @param chain name of the profile of its home chain
 * @param supply most that can exist, the bound of every amount
 * @param evmChain name of the chain where it is minted
 * @param evmChainId EIP-155 number of that chain
 * @param gatewayContract 20 bytes
 * @param tokenContract 20 bytes
 * @param mintFeeBps bridge fee on a mint in hundredths of a percent
 * @param burnFeeBps bridge fee on a burn
 * @param minimumDeposit smallest accepted deposit; never below the dust limit
 * @param minimumBurn smallest burn, as the gateway contract has it; at most what the smallest deposit mints
 * @param dailyCap most that may be minted on one day of block time; a single mint above it has a day of its own
 * @param feeRateFloor lowest fee rate of a release, in units per 1,000 virtual bytes
 * @param feeRateCap highest fee rate, whatever validators observe
 * @param gatewayLifetimeMillis how long a gateway takes deposits after its registration
 * @param guardianThreshold how many guardians can spend after the relative timelock
 * @param guardians 33-byte keys
 */
public record Asset(
        String symbol,
        String chain,
        long supply,
        String evmChain,
        long evmChainId,
        Bytes gatewayContract,
        Bytes tokenContract,
        int mintFeeBps,
        int burnFeeBps,
        long minimumDeposit,
        long minimumBurn,
        long dailyCap,
        long feeRateFloor,
        long feeRateCap,
        long gatewayLifetimeMillis,
        int guardianThreshold,
        List<Bytes> guardians) {
    private static final int MAX_NAME = 32;
    private static final int MAX_GUARDIANS = Guardians.MAX;
    private static final int WHOLE = 10_000;

    /** Leaves room for sums of many amounts. */
    private static final long MAX_SUPPLY = Long.MAX_VALUE / 100;

    private static final long MAX_LIFETIME = 366L * 86_400_000;

    public Asset {
        guardians = List.copyOf(guardians);
        if (supply < 1 || supply > MAX_SUPPLY || minimumDeposit < 1 || minimumDeposit > supply || dailyCap < 1) {
            throw new IllegalArgumentException(
                    "amounts of " + symbol + ": 1 <= minimum deposit <= supply <= " + MAX_SUPPLY + ", 1 <= daily cap");
        }
        if (mintFeeBps < 0 || mintFeeBps >= WHOLE || burnFeeBps < 0 || burnFeeBps >= WHOLE) {
            throw new IllegalArgumentException("fees of " + symbol + " are not below the whole amount");
        }
        if (minimumBurn < 1 || minimumBurn > minimumDeposit - share(minimumDeposit, mintFeeBps)) {
            throw new IllegalArgumentException(
                    "minimum burn of " + symbol + " is not within 1 and what the smallest deposit mints");
        }
        if (feeRateFloor < 1 || feeRateCap < feeRateFloor) {
            throw new IllegalArgumentException("fee rates of " + symbol + ": 1 <= floor <= cap");
        }
        if (evmChainId < 1 || gatewayLifetimeMillis < 1 || gatewayLifetimeMillis > MAX_LIFETIME) {
            throw new IllegalArgumentException("chain id or gateway lifetime of " + symbol + " is out of range");
        }
        if (!symbol.matches("[A-Za-z0-9]{1,16}") || gatewayContract.length() != 20 || tokenContract.length() != 20) {
            throw new IllegalArgumentException("symbol or contracts of " + symbol + " are malformed");
        }
        if (guardianThreshold < 1 || guardianThreshold > guardians.size() || guardians.size() > MAX_GUARDIANS) {
            throw new IllegalArgumentException("guardians of " + symbol + " are not m of n");
        }
    }

    /** Bridge fee on a mint, rounded down. */
    public long mintFee(long amount) {
        return share(amount, mintFeeBps);
    }

    /** Bridge fee on a burn, rounded down. */
    public long burnFee(long amount) {
        return share(amount, burnFeeBps);
    }

    /** floor(amount * bps / 10,000) without a product that could overflow. */
    private static long share(long amount, int bps) {
        return amount / WHOLE * bps + amount % WHOLE * bps / WHOLE;
    }

    void encode(Writer out) {
        out.string(symbol)
                .string(chain)
                .u64(supply)
                .string(evmChain)
                .u64(evmChainId)
                .fixed(gatewayContract)
                .fixed(tokenContract)
                .u16(mintFeeBps)
                .u16(burnFeeBps)
                .u64(minimumDeposit)
                .u64(minimumBurn)
                .u64(dailyCap)
                .u64(feeRateFloor)
                .u64(feeRateCap)
                .u64(gatewayLifetimeMillis)
                .u8(guardianThreshold)
                .list(guardians, Writer::fixed);
    }

    static Asset decode(Reader in) {
        return new Asset(
                in.string(MAX_NAME),
                in.string(MAX_NAME),
                in.u64(),
                in.string(MAX_NAME),
                in.u64(),
                in.fixed(20),
                in.fixed(20),
                in.u16(),
                in.u16(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u8(),
                in.list(MAX_GUARDIANS, r -> r.fixed(33)));
    }
}
