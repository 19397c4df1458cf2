package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.ledger.Section;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/** The sections of the bridge module's state and the questions that others ask of them. */
public final class BridgeState {
    /** Number of the bridge module. */
    public static final int MODULE = 3;

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

    /** What was minted on a day of block time. */
    static final Section<Long> DAILY = Section.of("daily", Writer::u64, Reader::u64);

    /** Why an asset is paused; absent while it is not. */
    static final Section<String> PAUSED = Section.of("paused", Writer::string, r -> r.string(128));

    /** Validators that want an asset paused or resumed. */
    static final Section<Boolean> PAUSE_VOTES = Section.of("pause-vote", Writer::bool, Reader::bool);

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

    public static List<Asset> assets(View any) {
        return ASSETS.list(any.module(MODULE), MAX_LIST);
    }

    public static Optional<Asset> asset(View any, String symbol) {
        return ASSETS.get(any.module(MODULE), name(symbol));
    }

    public static Optional<Gateway> gateway(View any, Bytes gHash) {
        return GATEWAYS.get(any.module(MODULE), gHash);
    }

    public static List<Gateway> gateways(View any) {
        return GATEWAYS.list(any.module(MODULE), MAX_LIST);
    }

    public static Optional<Deposit> deposit(View any, OutPoint outpoint) {
        return DEPOSITS.get(any.module(MODULE), Ids.key(outpoint));
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
