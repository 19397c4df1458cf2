package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.AccessListEntry;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.codec.ethereum.Log;
import io.cloister.evm.Message.Kind;
import io.cloister.evm.SimulationResult.Halted;
import io.cloister.evm.SimulationResult.Outcome;
import io.cloister.evm.SimulationResult.Revert;
import io.cloister.evm.SimulationResult.Success;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One transaction from its checks to the fees (Yellow Paper section 6, EIP-1559). */
final class Execution {
    private static final long REFUND_QUOTIENT = 5; // EIP-3529

    private final SimulationRequest request;
    private final EthereumTransaction transaction;
    private final BlockEnvironment block;
    private final ForkRules rules;
    private final World world;
    private final Account sender;

    Execution(SimulationRequest request, CodeCache codes) {
        this.request = request;
        this.transaction = request.transaction();
        this.block = request.block();
        this.rules = request.fork().rules();
        this.world = new World(request.state(), codes, rules::isPrecompile);
        this.sender = world.mention(Address.of(request.sender()));
    }

    SimulationResult run(Limits limits, LongSupplier nanoTime) {
        TransactionChecks.checkForm(transaction, block, rules);
        world.load(sender);
        TransactionChecks.checkSender(transaction, sender, world.code(sender), rules);
        BigInteger price = effectiveGasPrice();
        BigInteger gasLimit = BigInteger.valueOf(transaction.gasLimit());
        BigInteger blobFee = block.blobBaseFee().multiply(TransactionChecks.blobGas(transaction));
        world.setBalance(
                sender, sender.balance.subtract(price.multiply(gasLimit)).subtract(blobFee));
        warmUp();
        Machine.Context context =
                new Machine.Context(rules, block, sender.address, price, transaction.blobVersionedHashes());
        Machine machine = new Machine(world, context, limits, nanoTime);
        IntrinsicGas intrinsic = IntrinsicGas.of(transaction, rules);
        long gas = transaction.gasLimit() - intrinsic.charged();
        Machine.Ending ending = transaction.to().isPresent()
                ? call(machine, Address.of(transaction.to().get()), gas)
                : create(machine, gas);
        return settle(ending, intrinsic, price);
    }

    private BigInteger effectiveGasPrice() {
        return transaction.maxFeePerGas().min(block.baseFee().add(transaction.maxPriorityFeePerGas()));
    }

    // EIP-2929, EIP-2930, EIP-3651
    private void warmUp() {
        world.warm(sender);
        world.warm(world.mention(Address.of(block.coinbase())));
        transaction.to().ifPresent(to -> world.warm(world.mention(Address.of(to))));
        for (AccessListEntry entry : transaction.accessList()) {
            Account account = world.mention(Address.of(entry.address()));
            world.warm(account);
            for (Bytes key : entry.storageKeys()) {
                long[] limbs = Words.ofBytes(key);
                world.warm(world.mention(account, limbs[0], limbs[1], limbs[2], limbs[3]));
            }
        }
    }

    private Machine.Ending call(Machine machine, Address to, long gas) {
        world.incrementNonce(sender);
        Authorizations.apply(transaction.authorizations(), block.chainId(), world);
        Account target = world.account(to);
        Optional<Address> delegate = machine.delegateOf(target);
        Account codeHolder = delegate.map(world::account).orElse(target);
        world.warm(codeHolder);
        return machine.call(
                new Message(
                        Kind.CALL,
                        target,
                        to,
                        sender.address,
                        transaction.value(),
                        transaction.data().toArray(),
                        gas,
                        false,
                        0,
                        0),
                codeHolder);
    }

    private Machine.Ending create(Machine machine, long gas) {
        Address address = Creations.addressOf(sender.address, sender.nonce);
        world.incrementNonce(sender);
        Account target = world.account(address);
        world.warm(target);
        Message message = new Message(
                Kind.CREATE, target, address, sender.address, transaction.value(), Frame.NOTHING, gas, false, 0, 0);
        return machine.create(message, transaction.data().toArray());
    }

    private SimulationResult settle(Machine.Ending ending, IntrinsicGas intrinsic, BigInteger price) {
        long spent = transaction.gasLimit() - ending.gasLeft();
        long refunded = Math.min(world.refund(), spent / REFUND_QUOTIENT);
        long used = Math.max(spent - refunded, intrinsic.floor()); // EIP-7623
        BigInteger unused = BigInteger.valueOf(transaction.gasLimit() - used);
        world.setBalance(sender, sender.balance.add(price.multiply(unused)));
        Account coinbase = world.account(Address.of(block.coinbase()));
        BigInteger tip = price.subtract(block.baseFee()).multiply(BigInteger.valueOf(used));
        world.setBalance(coinbase, coinbase.balance.add(tip));
        List<Log> logs = world.logs();
        return new SimulationResult(outcome(ending), used, refunded, logs, Touched.of(world));
    }

    private Outcome outcome(Machine.Ending ending) {
        if (ending.halted() != null) {
            return new Halted(ending.halted());
        }
        Bytes output = Bytes.of(ending.output());
        if (!ending.success()) {
            return new Revert(output);
        }
        Optional<Bytes> created = transaction.to().isPresent()
                ? Optional.empty()
                : Optional.of(
                        Creations.addressOf(sender.address, transaction.nonce()).bytes());
        return new Success(ending.end(), output, created);
    }
}
