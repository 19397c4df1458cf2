package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.evm.LimitExceededException.Limit;
import io.cloister.evm.Message.Kind;
import io.cloister.evm.SimulationResult.End;
import io.cloister.evm.precompile.OperandTooLongException;
import io.cloister.evm.precompile.Precompile;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one message with all messages that come of it: the array of frames, what starts and ends one, and the limits on
 * depth, memory and time.
 */
final class Machine {
    /** How the outermost message ended; {@code halted} is null unless it halted. */
    record Ending(
            boolean success,
            End end,
            byte[] output,
            long gasLeft,
            @Nullable HaltReason halted) {}

    /** What the transaction says to all its frames. */
    record Context(
            ForkRules rules, BlockEnvironment block, Address origin, BigInteger gasPrice, List<Bytes> blobHashes) {}

    private static final long GAS_BETWEEN_CHECKS = 500_000;

    private final World world;
    private final Context context;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final long deadline;
    private final List<Frame> frames = new ArrayList<>();
    private long memoryInUse;
    private @Nullable Ending ending;

    Machine(World world, Context context, Limits limits, LongSupplier nanoTime) {
        this.world = world;
        this.context = context;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + limits.timeMillis() * 1_000_000;
    }

    /** Runs the outermost call; the code holder is the target, or where it delegates to. */
    Ending call(Message message, Account codeHolder) {
        start(null, message, codeHolder);
        return run();
    }

    /** Runs the outermost creation. */
    Ending create(Message message, byte[] initcode) {
        startCreation(null, message, initcode);
        return run();
    }

    private Ending run() {
        long[] costs = context.rules().costs();
        while (ending == null) {
            Frame frame = frames.getLast();
            try {
                int signal = Interpreter.run(frame, costs);
                if (signal != Interpreter.ENTERED) {
                    finish(frame, signal);
                }
            } catch (Halt halt) {
                pop(frame);
                world.revertTo(frame.checkpoint);
                deliver(frame.message, false, Frame.NOTHING, 0, End.STOP, halt.reason());
            }
        }
        return ending;
    }

    /** Starts a call of a frame, or the outermost one; a precompiled contract or empty code ends at once. */
    int start(@Nullable Frame caller, Message message, Account codeHolder) {
        World.Checkpoint checkpoint = world.checkpoint();
        if (message.kind() == Kind.CALL) {
            world.transfer(world.account(message.caller()), message.self(), message.value());
        }
        Optional<Precompile> precompile = context.rules().precompile(message.codeAddress());
        if (precompile.isPresent()) {
            checkTime(0);
            runPrecompile(message, precompile.get(), checkpoint);
            return Interpreter.CONTINUE;
        }
        Code code = context.rules().isPrecompile(codeHolder.address) ? Code.EMPTY : world.code(codeHolder);
        if (code.isEmpty()) {
            deliver(message, true, Frame.NOTHING, message.gas(), End.STOP, null);
            return Interpreter.CONTINUE;
        }
        push(caller, message, code, checkpoint);
        return Interpreter.ENTERED;
    }

    int startCreation(@Nullable Frame caller, Message message, byte[] initcode) {
        World.Checkpoint checkpoint = world.checkpoint();
        Account target = message.self();
        if (target.collides()) {
            deliver(message, false, Frame.NOTHING, 0, End.STOP, HaltReason.CREATE_COLLISION);
            return Interpreter.CONTINUE;
        }
        world.markCreated(target);
        world.incrementNonce(target); // EIP-161
        world.transfer(world.account(message.caller()), target, message.value());
        push(caller, message, Code.once(Bytes.wrap(initcode)), checkpoint);
        return Interpreter.ENTERED;
    }

    private void push(@Nullable Frame caller, Message message, Code code, World.Checkpoint checkpoint) {
        frames.add(new Frame(this, message, code, caller == null ? 0 : caller.depth + 1, checkpoint));
    }

    private void pop(Frame frame) {
        frames.removeLast();
        memoryInUse -= frame.memorySize;
    }

    private void runPrecompile(Message message, Precompile precompile, World.Checkpoint checkpoint) {
        if (!precompile.isSupported()) {
            throw new UnsupportedPrecompileException(message.codeAddress().bytes());
        }
        long cost = precompile.gas(message.input());
        Optional<byte[]> output = cost > message.gas() ? Optional.empty() : answer(precompile, message.input());
        if (output.isPresent()) {
            deliver(message, true, output.get(), message.gas() - cost, End.RETURN, null);
        } else {
            world.revertTo(checkpoint);
            HaltReason reason = cost > message.gas() ? HaltReason.OUT_OF_GAS : HaltReason.PRECOMPILE_FAILED;
            deliver(message, false, Frame.NOTHING, 0, End.STOP, reason);
        }
    }

    private static Optional<byte[]> answer(Precompile precompile, byte[] input) {
        try {
            return precompile.run(input);
        } catch (OperandTooLongException e) {
            throw new LimitExceededException(Limit.MEMORY);
        }
    }

    private void finish(Frame frame, int signal) {
        if (signal == Interpreter.REVERTED) {
            pop(frame);
            world.revertTo(frame.checkpoint);
            deliver(frame.message, false, frame.output, frame.gas, End.RETURN, null);
            return;
        }
        End end = switch (signal) {
            case Interpreter.RETURNED -> End.RETURN;
            case Interpreter.SELF_DESTRUCTED -> End.SELF_DESTRUCT;
            default -> End.STOP;
        };
        if (frame.message.kind() == Kind.CREATE) {
            Creations.deposit(frame);
        }
        pop(frame);
        deliver(frame.message, true, frame.output, frame.gas, end, null);
    }

    /** Hands a message's end to the frame that sent it, or to the transaction. */
    private void deliver(
            Message message, boolean success, byte[] output, long gasLeft, End end, @Nullable HaltReason halted) {
        if (frames.isEmpty()) {
            ending = new Ending(success, end, output, gasLeft, halted);
            return;
        }
        Frame caller = frames.getLast();
        caller.gas += gasLeft;
        if (message.kind() == Kind.CREATE) {
            caller.returnData = success ? Frame.NOTHING : output;
            if (success) {
                caller.push(message.self().address);
            } else {
                caller.push(0);
            }
            return;
        }
        caller.returnData = output;
        int copied = Math.min(output.length, message.outLength());
        System.arraycopy(output, 0, caller.memory, message.outOffset(), copied);
        caller.push(success ? 1 : 0);
    }

    /** Whether a frame may lie so deep; beyond the limit that was asked for, there is no result. */
    boolean allowsDepth(int depth) {
        if (depth > Limits.PROTOCOL_DEPTH) {
            return false;
        }
        if (depth > limits.depth()) {
            throw new LimitExceededException(Limit.DEPTH);
        }
        return true;
    }

    void reserveMemory(long bytes) {
        memoryInUse += bytes;
        if (memoryInUse > limits.memoryBytes()) {
            throw new LimitExceededException(Limit.MEMORY);
        }
    }

    /** Ends an overdue simulation; else says below which gas to ask again. */
    long checkTime(long gas) {
        if (nanoTime.getAsLong() - deadline > 0) {
            throw new LimitExceededException(Limit.TIME);
        }
        return gas - GAS_BETWEEN_CHECKS;
    }

    /** Where an account's code delegates to (EIP-7702), where the fork knows that. */
    Optional<Address> delegateOf(Account account) {
        return context.rules().setCode() ? world.code(account).delegate() : Optional.empty();
    }

    World world() {
        return world;
    }

    BlockEnvironment block() {
        return context.block();
    }

    Address origin() {
        return context.origin();
    }

    BigInteger gasPrice() {
        return context.gasPrice();
    }

    List<Bytes> blobHashes() {
        return context.blobHashes();
    }
}
