package io.cloister.cli.demo;

import io.cloister.client.model.Deposit;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Signature;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.ethereum.Mint;
import io.cloister.multichain.rpc.EthereumAccount;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.RpcException;
import java.math.BigInteger;
import java.time.Duration;

/** The mint on the EVM chain, and what the contract refuses. */
final class MintStep implements Step {
    @Override
    public String title() {
        return "the mint on the EVM chain";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        Deposit deposit = demo.deposit();
        EthereumAccount user = demo.chains().user();
        EthereumRpc rpc = demo.chains().anvil().ethereum();
        Bytes gateway = demo.asset().gatewayContract();
        Bytes token = demo.asset().tokenContract();
        BigInteger amount = new BigInteger(deposit.getMinted());
        Mint mint = new Mint(
                TransferHashes.payloadHash(Bytes.EMPTY),
                amount,
                user.address(),
                Bytes.hex(CheckFailed.present(deposit.getnHash(), "nHash")));
        Signature signature =
                Signature.decodeEthereum(Bytes.hex(CheckFailed.present(deposit.getSignature(), "signature")));
        Mint changed = new Mint(mint.payloadHash(), amount.add(BigInteger.ONE), mint.to(), mint.depositHash());
        String badAmount = refusal(user, gateway, GatewayCalls.mint(changed, signature));
        progress.checked("a mint of another amount is refused by the contract: " + badAmount);
        BigInteger before = rpc.read(token, GatewayCalls.balanceOf(user.address()));
        progress.waiting("the mint to be in a block");
        boolean succeeded = user.send(gateway, GatewayCalls.mint(mint, signature), Duration.ofSeconds(60))
                .receipt()
                .success();
        CheckFailed.unless(succeeded, "the mint failed");
        BigInteger after = rpc.read(token, GatewayCalls.balanceOf(user.address()));
        CheckFailed.unless(after.subtract(before).equals(amount), "the balance did not grow by the amount");
        progress.checked("balance before " + before + ", after " + after);
        progress.checked(
                "a replay is refused by the contract: " + refusal(user, gateway, GatewayCalls.mint(mint, signature)));
    }

    private static String refusal(EthereumAccount user, Bytes gateway, Bytes call) {
        try {
            user.send(gateway, call, Duration.ofSeconds(30));
        } catch (RpcException e) {
            return String.valueOf(e.getMessage());
        }
        throw new CheckFailed("the contract took what it must refuse");
    }
}
