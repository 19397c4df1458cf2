package io.cloister.evm;

import io.cloister.evm.Message.Kind;
import java.math.BigInteger;
import java.util.Optional;

/** CALL, CALLCODE, DELEGATECALL and STATICCALL: what they cost and what they start. */
final class Calls {
    private static final long VALUE_TRANSFER = 9_000;
    private static final long STIPEND = 2_300;
    private static final long NEW_ACCOUNT = 25_000;

    private Calls() {}

    static int call(Frame f, int op) {
        boolean named = op == Opcodes.CALL || op == Opcodes.CALLCODE; // they name a value
        int gasAt = f.sp - 4;
        int addressAt = f.sp - 8;
        int rangesAt = named ? f.sp - 12 : f.sp - 8;
        BigInteger value = named ? Words.toBigInteger(f.stack, f.sp - 12) : BigInteger.ZERO;
        boolean pays = value.signum() != 0;
        if (op == Opcodes.CALL && pays) {
            f.requireNotStatic();
        }
        int inOffset = f.room(rangesAt - 4, rangesAt - 8);
        int inLength = (int) f.stack[rangesAt - 8];
        int outOffset = f.room(rangesAt - 12, rangesAt - 16);
        int outLength = (int) f.stack[rangesAt - 16];
        Account target = AccountInstructions.access(f, f.world().mention(Address.ofWord(f.stack, addressAt)));
        Account codeHolder = delegate(f, target);
        if (pays) {
            f.charge(VALUE_TRANSFER);
            if (op == Opcodes.CALL && target.isEmpty()) {
                f.charge(NEW_ACCOUNT); // EIP-161
            }
        }
        long gas = Math.min(Words.saturated(f.stack, gasAt), allButOne64th(f.gas)); // EIP-150
        f.charge(gas);
        f.returnData = Frame.NOTHING;
        byte[] input = f.copy(inOffset, inLength);
        f.sp = rangesAt - 16;
        Message message = message(f, op, target, value, input, gas + (pays ? STIPEND : 0), outOffset, outLength);
        if (!f.machine.allowsDepth(f.depth + 1) || pays && f.self().balance.compareTo(value) < 0) {
            f.gas += message.gas();
            f.push(0);
            return Interpreter.CONTINUE;
        }
        return f.machine.start(f, message, codeHolder);
    }

    static long allButOne64th(long gas) {
        return gas - gas / 64;
    }

    /** The account whose code runs: where a delegation points to (EIP-7702), for which is paid too. */
    private static Account delegate(Frame f, Account target) {
        Optional<Address> delegate = f.machine.delegateOf(target);
        return delegate.isEmpty()
                ? target
                : AccountInstructions.access(f, payWarm(f, f.world().mention(delegate.get())));
    }

    private static Account payWarm(Frame f, Account account) {
        f.charge(100);
        return account;
    }

    private static Message message(
            Frame f, int op, Account target, BigInteger value, byte[] input, long gas, int outOffset, int outLength) {
        Account self = f.self();
        boolean isStatic = f.message.isStatic();
        return switch (op) {
            case Opcodes.CALL ->
                new Message(
                        Kind.CALL,
                        target,
                        target.address,
                        self.address,
                        value,
                        input,
                        gas,
                        isStatic,
                        outOffset,
                        outLength);
            case Opcodes.STATICCALL ->
                new Message(
                        Kind.CALL, target, target.address, self.address, value, input, gas, true, outOffset, outLength);
            case Opcodes.CALLCODE ->
                new Message(
                        Kind.DELEGATE,
                        self,
                        target.address,
                        self.address,
                        value,
                        input,
                        gas,
                        isStatic,
                        outOffset,
                        outLength);
            default ->
                new Message(
                        Kind.DELEGATE,
                        self,
                        target.address,
                        f.message.caller(),
                        f.message.value(),
                        input,
                        gas,
                        isStatic,
                        outOffset,
                        outLength);
        };
    }
}
