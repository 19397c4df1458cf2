package io.cloister.cli.demo;

import io.cloister.client.model.Solvency;
import io.cloister.client.model.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The way back: a burn on the EVM chain and its release on Litecoin. */
final class BurnStep implements Step {
    private static final long AMOUNT = 100_000_000L;
    private static final int CONFIRMATIONS = 3;

    @Override
    public String title() {
        return "a burn, released on Litecoin";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        LitecoinRegtest litecoin = demo.chains().litecoin();
        String address = litecoin.newAddress();
        long before = litecoin.balance(address);
        progress.waiting("the burn to be in a block");
        demo.chains()
                .user()
                .send(
                        demo.asset().gatewayContract(),
                        GatewayCalls.burn(Bytes.utf8(address), BigInteger.valueOf(AMOUNT)),
                        Duration.ofSeconds(60));
        progress.note("burnt 1 cLTC for " + address);
        Transfer sent = Waiting.until(
                progress,
                "the release to be signed and broadcast",
                Demo.PATIENCE,
                () -> transfer(demo, address, List.of(Transfer.StateEnum.BROADCAST, Transfer.StateEnum.RELEASED)));
        progress.checked("released by " + sent.getSignatures() + " threshold signature(s) in " + sent.getTxid());
        litecoin.mine(CONFIRMATIONS);
        Transfer done = Waiting.until(
                progress,
                "the release to be final",
                Demo.PATIENCE,
                () -> transfer(demo, address, List.of(Transfer.StateEnum.RELEASED)));
        long after = litecoin.balance(address);
        long bridgeFee = demo.asset().burnFee(AMOUNT);
        long minerFee = Long.parseLong(done.getMinerFee());
        CheckFailed.unless(
                after - before == AMOUNT - bridgeFee - minerFee && minerFee > 0,
                "the user got " + (after - before) + " and not the amount less both fees");
        progress.checked("balance before " + before + ", after " + after + "; bridge fee " + bridgeFee
                + ", miner's fee " + minerFee + " out of the burner's amount");
        accounts(demo, progress);
    }

    private static Optional<Transfer> transfer(Demo demo, String address, List<Transfer.StateEnum> states)
            throws Exception {
        return demo.node(0).bridge().listTransfers(address, null).stream()
                .filter(t -> states.contains(t.getState()))
                .findFirst();
    }

    private static void accounts(Demo demo, Progress progress) throws Exception {
        Solvency accounts = demo.node(0).network().listSolvency().getFirst();
        BigInteger locked = new BigInteger(accounts.getLocked());
        BigInteger minted = new BigInteger(accounts.getMinted());
        BigInteger fees = new BigInteger(accounts.getFeesOwed());
        BigInteger inFlight = new BigInteger(accounts.getInFlight());
        CheckFailed.unless(locked.equals(minted.add(fees).add(inFlight)), "the accounts are out of balance");
        BigInteger supply =
                demo.chains().anvil().ethereum().read(demo.asset().tokenContract(), GatewayCalls.totalSupply());
        CheckFailed.unless(supply.equals(minted), "the token's supply is " + supply + ", not what was minted");
        progress.checked("locked " + locked + " = minted " + minted + " + fees owed " + fees + " + in flight "
                + inFlight + "; the token's supply is " + supply);
    }
}
