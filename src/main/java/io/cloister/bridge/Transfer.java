package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A burn on the EVM chain and its release on the asset's home chain; with amount 0 the joining of outputs, which nobody
 * has asked for.
 *
 * @param id hash over chain, contract and number of the burn
 * @param evmHeight height of the burn's block
 * @param transactionIndex position of the burn's transaction in that block
 * @param logIndex position of the burn's log in the transaction's receipt
 * @param burnNonce number of the burn at the gateway contract
 * @param recipientScript output script of the user; empty when the burn was refused
 * @param amount what was burnt
 * @param bridgeFee kept by the bridge
 * @param release the plan, once there are outputs and a fee rate for it
 * @param signatures one for each input of the plan, as they come
 * @param raw the signed release in wire form, empty before all signatures are there
 */
public record Transfer(
        Bytes id,
        String asset,
        long evmHeight,
        long transactionIndex,
        int logIndex,
        long burnNonce,
        Bytes recipientScript,
        long amount,
        long bridgeFee,
        State state,
        Optional<Release> release,
        List<Optional<Signature>> signatures,
        Bytes raw,
        long acceptedHeight) {
    private static final int MAX_TRANSACTION = 100_000;
    private static final int MAX_OUTPUT_SCRIPT = 128;

    /** The life of a release. */
    public enum State {
        /** Waits for outputs that can be spent or for a fee rate. */
        WAITING,
        SIGNING,
        /** Signed; every node may broadcast it. */
        READY,
        /** Seen on its chain. */
        BROADCAST,
        /** Final on its chain. */
        RELEASED,
        /** Burnt for a recipient that cannot be paid: all of it became the bridge's. */
        REFUSED
    }

    public Transfer {
        signatures = List.copyOf(signatures);
    }

    /** What leaves the vault: the user's output and the miner's fee. */
    public long gone() {
        return amount - bridgeFee;
    }

    /** Out of the burner's amount; zero before the release is planned. */
    public long minerFee() {
        return release.map(Release::minersFee).orElse(0L);
    }

    /** What the user gets; zero before the release is planned. */
    public long received() {
        return release.filter(r -> r.payouts() > 0).map(r -> r.received(0)).orElse(0L);
    }

    /** Wire order; empty before the release is planned. */
    public Optional<Bytes> txid() {
        return release.map(Release::txid);
    }

    Transfer planned(Release plan) {
        List<Optional<Signature>> none =
                Collections.nCopies(plan.spend().coins().size(), Optional.empty());
        return copy(State.SIGNING, Optional.of(plan), none, raw);
    }

    /** Without the plan, which cannot be carried out any more. */
    Transfer undone() {
        return copy(amount == 0 ? State.REFUSED : State.WAITING, Optional.empty(), List.of(), Bytes.EMPTY);
    }

    /** With one more signature; the release is ready when it was the last. */
    Transfer signed(int input, Signature signature) {
        List<Optional<Signature>> now = new ArrayList<>(signatures);
        now.set(input, Optional.of(signature));
        if (now.stream().anyMatch(Optional::isEmpty)) {
            return copy(state, release, now, raw);
        }
        GatewaySpend spend = release.orElseThrow().spend();
        Bytes assembled =
                spend.assemble(now.stream().map(Optional::orElseThrow).toList()).encode();
        return copy(State.READY, release, now, assembled);
    }

    Transfer in(State next) {
        return copy(next, release, signatures, raw);
    }

    private Transfer copy(
            State next, Optional<Release> plan, List<Optional<Signature>> given, Bytes signedTransaction) {
        return new Transfer(
                id,
                asset,
                evmHeight,
                transactionIndex,
                logIndex,
                burnNonce,
                recipientScript,
                amount,
                bridgeFee,
                next,
                plan,
                given,
                signedTransaction,
                acceptedHeight);
    }

    void encode(Writer out) {
        out.fixed(id)
                .string(asset)
                .u64(evmHeight)
                .u32(transactionIndex)
                .u32(logIndex)
                .u64(burnNonce)
                .bytes(recipientScript)
                .u64(amount)
                .u64(bridgeFee)
                .u8(state.ordinal())
                .optional(release, (w, r) -> r.encode(w))
                .list(signatures, (w, s) -> w.optional(s, (v, x) -> v.fixed(x.recoverable())))
                .bytes(raw)
                .u64(acceptedHeight);
    }

    static Transfer decode(Reader in) {
        return new Transfer(
                in.fixed(32),
                in.string(32),
                in.u64(),
                in.u32(),
                Math.toIntExact(in.u32()),
                in.u64(),
                in.bytes(MAX_OUTPUT_SCRIPT),
                in.u64(),
                in.u64(),
                State.values()[in.u8()],
                in.optional(Release::decode),
                in.list(GatewaySpend.MAX_INPUTS, r -> r.optional(s -> Signature.decodeRecoverable(s.fixed(65)))),
                in.bytes(MAX_TRANSACTION),
                in.u64());
    }
}
