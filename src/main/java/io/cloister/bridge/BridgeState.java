package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Section;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.List;
import java.util.Optional;

/** The sections of the bridge module's state and the questions that others ask of them. */
public final class BridgeState {
    /** Number of the bridge module. */
    public static final int MODULE = 3;

    /** A fee statement older than this many blocks does not count. */
    public static final int FEE_LIFETIME = 5_000;

    /** Longest list that one question answers. */
    public static final int MAX_LIST = 10_000;

    static final Section<Asset> ASSETS = Section.of("asset", (w, a) -> a.encode(w), Asset::decode);
    static final Section<Gateway> GATEWAYS = Section.of("gateway", (w, g) -> g.encode(w), Gateway::decode);
    static final Section<Deposit> DEPOSITS = Section.of("deposit", (w, d) -> d.encode(w), Deposit::decode);
    static final Section<VaultOutput> OUTPUTS = Section.of("output", (w, o) -> o.encode(w), VaultOutput::decode);
    static final Section<Transfer> TRANSFERS = Section.of("transfer", (w, t) -> t.encode(w), Transfer::decode);
    static final Section<Accounts> ACCOUNTS = Section.of("accounts", (w, a) -> a.encode(w), Accounts::decode);

    /** Which nHash was spent by which outpoint; never removed. */
    static final Section<OutPoint> SPENT = Section.of("nhash", (w, o) -> o.encode(w), OutPoint::decode);

    /** Digest or request id to the thing that waits for the signature. */
    static final Section<Pending> PENDING = Section.of("pending", (w, p) -> p.encode(w), Pending::decode);

    /** Ids of transfers that wait for outputs, in the order of their acceptance. */
    static final Section<Bytes> WAITING = Section.of("waiting", Writer::fixed, r -> r.fixed(32));

    /** Ids of transfers whose release is not final. */
    static final Section<Bytes> OPEN = Section.of("open", Writer::fixed, r -> r.fixed(32));

    /** Assets whose accounts or outputs were changed by this block; empty between blocks. */
    static final Section<Boolean> CHANGED = Section.of("changed", Writer::bool, Reader::bool);

    /** Gateways without a deposit, in the order in which they are to be forgotten. */
    static final Section<Unused> UNUSED = Section.of("unused", (w, u) -> u.encode(w), Unused::decode);

    /** Bytes that a node's gateways without a deposit take. */
    static final Section<Long> QUOTAS = Section.of("quota", Writer::u64, Reader::u64);

    /** Highest observed block of each chain. */
    static final Section<Long> TIPS = Section.of("tip", Writer::u64, Reader::u64);

    /** Observed final block hashes by chain and height. */
    static final Section<Bytes> OBSERVED = Section.of("observed", Writer::fixed, r -> r.fixed(32));

    /** Statements of single validators about a block, until enough agree. */
    static final Section<Bytes> STATEMENTS = Section.of("statement", Writer::fixed, r -> r.fixed(32));

    /** Last observed fee rate of each validator. */
    static final Section<FeeStatement> FEE_STATEMENTS =
            Section.of("fee-statement", (w, f) -> f.encode(w), FeeStatement::decode);

    /** Fee rate in force, units per 1,000 virtual bytes. */
    static final Section<Long> FEE_RATES = Section.of("fee-rate", Writer::u64, Reader::u64);

    /** Outpoints of accepted deposits whose mint is not ordered yet, in the order of their acceptance. */
    static final Section<Bytes> MINTS = Section.of("mint", Writer::fixed, r -> r.fixed(36));

    /** What was minted on a day of block time. */
    static final Section<Long> DAILY = Section.of("daily", Writer::u64, Reader::u64);

    /** Why an asset is paused; absent while it is not. */
    static final Section<String> PAUSED = Section.of("paused", Writer::string, r -> r.string(128));

    /** Validators that want an asset paused or resumed. */
    static final Section<Boolean> PAUSE_VOTES = Section.of("pause-vote", Writer::bool, Reader::bool);

    /** Outpoints that the vault has or had: change, and what it was paid. Never removed. */
    static final Section<Boolean> VAULTED = Section.of("vaulted", Writer::bool, Reader::bool);

    /** Block time of the last block. */
    static final Section<Long> CLOCK = Section.of("clock", Writer::u64, Reader::u64);

    private BridgeState() {}

    /** What a signature is for: a mint of a deposit or one input of a release. */
    record Pending(Bytes outpointOrTransfer, int input) {
        static final int MINT = 0xFFFF;

        void encode(Writer out) {
            out.bytes(outpointOrTransfer).u16(input);
        }

        static Pending decode(Reader in) {
            return new Pending(in.bytes(64), in.u16());
        }
    }

    /** Who registered a gateway that nobody has paid to, and what it takes in bytes. */
    record Unused(Bytes gHash, Bytes node, long size) {
        void encode(Writer out) {
            out.fixed(gHash).fixed(node).u64(size);
        }

        static Unused decode(Reader in) {
            return new Unused(in.fixed(32), in.fixed(33), in.u64());
        }
    }

    /** One validator's last word on a fee rate. */
    record FeeStatement(long rate, long height) {
        void encode(Writer out) {
            out.u64(rate).u64(height);
        }

        static FeeStatement decode(Reader in) {
            return new FeeStatement(in.u64(), in.u64());
        }
    }

    static Bytes name(String name) {
        return Bytes.utf8(name);
    }

    static Bytes at(String chain, long height) {
        return new Writer().string(chain).u64(height).toBytes();
    }

    /** Block time of the last block; zero before the first. */
    public static long timeMillis(View any) {
        return CLOCK.get(any.module(MODULE), Bytes.EMPTY).orElse(0L);
    }

    public static List<Asset> assets(View any) {
        return ASSETS.list(any.module(MODULE), MAX_LIST);
    }

    public static Optional<Asset> asset(View any, String symbol) {
        return ASSETS.get(any.module(MODULE), name(symbol));
    }

    public static Optional<Gateway> gateway(View any, Bytes gHash) {
        return GATEWAYS.get(any.module(MODULE), gHash);
    }

    /** Block time after which no payment to a gateway that is in a block, or is not yet, can be accepted any more. */
    public static long lastAcceptance(Gateway gateway, boolean inBlock) {
        long lastBlock = gateway.expiryMillis() + DepositRules.TOLERANCE_MILLIS;
        return inBlock ? lastBlock + DepositRules.MAX_AGE_MILLIS : lastBlock;
    }

    public static List<Gateway> gateways(View any) {
        return GATEWAYS.list(any.module(MODULE), MAX_LIST);
    }

    public static Optional<Deposit> deposit(View any, OutPoint outpoint) {
        return DEPOSITS.get(any.module(MODULE), Ids.key(outpoint));
    }

    /** Why the mint of an accepted deposit is not ordered yet; empty when it is. */
    public static Optional<String> waitsBecause(View any, Asset asset, Deposit deposit) {
        return MintQueue.reason(any, asset, deposit);
    }

    public static List<Deposit> deposits(View any) {
        return DEPOSITS.list(any.module(MODULE), MAX_LIST);
    }

    /** Deposits of one transaction on the home chain. */
    public static List<Deposit> depositsOf(View any, Bytes txid) {
        return DEPOSITS.list(any.module(MODULE), txid, MAX_LIST);
    }

    public static Optional<Transfer> transfer(View any, Bytes id) {
        return TRANSFERS.get(any.module(MODULE), id);
    }

    public static List<Transfer> transfers(View any) {
        return TRANSFERS.list(any.module(MODULE), MAX_LIST);
    }

    /** Transfers whose release is not final. */
    public static List<Transfer> openTransfers(View any) {
        View own = any.module(MODULE);
        return OPEN.list(own, Integer.MAX_VALUE).stream()
                .map(id -> TRANSFERS.get(own, id).orElseThrow())
                .toList();
    }

    /** Hashes of all gateways, in their order. */
    public static List<Bytes> gatewayHashes(View any) {
        return GATEWAYS.keys(any.module(MODULE), Bytes.EMPTY, Integer.MAX_VALUE);
    }

    /** All outputs of an asset, without their scripts. */
    public static List<VaultOutput.Summary> holdings(View any, String asset) {
        return any.module(MODULE).scan(OUTPUTS.prefix(), Integer.MAX_VALUE).values().stream()
                .map(VaultOutput.Summary::decode)
                .filter(o -> o.asset().equals(asset))
                .toList();
    }

    public static Optional<VaultOutput> output(View any, OutPoint outpoint) {
        return OUTPUTS.get(any.module(MODULE), Ids.key(outpoint));
    }

    static void put(Context context, VaultOutput output) {
        OUTPUTS.put(context, Ids.key(output.coin().outPoint()), output);
        CHANGED.put(context, name(output.asset()), true);
    }

    static void remove(Context context, VaultOutput output) {
        OUTPUTS.remove(context, Ids.key(output.coin().outPoint()));
        CHANGED.put(context, name(output.asset()), true);
    }

    static void put(Context context, String asset, Accounts accounts) {
        ACCOUNTS.put(context, name(asset), accounts);
        CHANGED.put(context, name(asset), true);
    }

    public static List<VaultOutput> outputs(View any) {
        return OUTPUTS.list(any.module(MODULE), MAX_LIST);
    }

    public static Accounts accounts(View any, String asset) {
        return ACCOUNTS.get(any.module(MODULE), name(asset)).orElse(Accounts.ZERO);
    }

    public static Optional<String> pausedBecause(View any, String asset) {
        return PAUSED.get(any.module(MODULE), name(asset));
    }

    public static Optional<Long> feeRate(View any, String chain) {
        return FEE_RATES.get(any.module(MODULE), name(chain));
    }

    /** Hash of a final foreign block, if validators of more than two thirds of the weight have stated it. */
    public static Optional<Bytes> observed(View any, String chain, long height) {
        return OBSERVED.get(any.module(MODULE), at(chain, height));
    }

    /** Highest observed block of a chain; zero before the first. */
    public static long observedTip(View any, String chain) {
        return TIPS.get(any.module(MODULE), name(chain)).orElse(0L);
    }

    /** Key under which the account of an asset stands in the module's state, for proofs. */
    public static Bytes accountsKey(String asset) {
        return Bytes.concat(ACCOUNTS.prefix(), name(asset));
    }
}
