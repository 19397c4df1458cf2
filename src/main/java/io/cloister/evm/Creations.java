package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Rlp;
import io.cloister.crypto.Hashes;
import io.cloister.evm.Message.Kind;
import java.math.BigInteger;

/** CREATE and CREATE2: addresses, what they cost, and what a creation leaves behind. */
final class Creations {
    static final int MOST_INITCODE = 49_152; // EIP-3860

    private static final int MOST_CODE = 24_576; // EIP-170
    private static final long DEPOSIT_PER_BYTE = 200;
    private static final long LAST_NONCE = -1; // 2^64 - 1, EIP-2681

    private Creations() {}

    static int create(Frame f, int op) {
        f.requireNotStatic();
        boolean salted = op == Opcodes.CREATE2;
        int sp = f.sp;
        BigInteger value = Words.toBigInteger(f.stack, sp - 4);
        if (Words.saturated(f.stack, sp - 12) > MOST_INITCODE) {
            throw Halt.of(HaltReason.INITCODE_TOO_LONG);
        }
        int offset = f.room(sp - 8, sp - 12);
        int length = (int) f.stack[sp - 12];
        f.charge((salted ? 6 + 2 : 2) * Instructions.words(length)); // EIP-3860; CREATE2 hashes too
        Bytes salt = salted ? Words.toBytes(f.stack, sp - 16) : Bytes.EMPTY;
        byte[] initcode = f.copy(offset, length);
        f.sp -= salted ? 16 : 12;
        f.returnData = Frame.NOTHING;
        Account self = f.self();
        if (!f.machine.allowsDepth(f.depth + 1) || self.balance.compareTo(value) < 0 || self.nonce == LAST_NONCE) {
            f.push(0);
            return Interpreter.CONTINUE;
        }
        long gas = Calls.allButOne64th(f.gas);
        f.charge(gas);
        Address address =
                salted ? saltedAddress(self.address, salt, Bytes.of(initcode)) : addressOf(self.address, self.nonce);
        f.world().incrementNonce(self);
        Account target = f.world().mention(address);
        f.world().warm(target); // stays warm when the creation fails
        f.world().load(target);
        Message message =
                new Message(Kind.CREATE, target, address, self.address, value, Frame.NOTHING, gas, false, 0, 0);
        return f.machine.startCreation(f, message, initcode);
    }

    /** keccak256(rlp(creator, nonce))[12..]. */
    static Address addressOf(Address creator, long nonce) {
        BigInteger unsigned = new BigInteger(Long.toUnsignedString(nonce));
        Bytes encoded = Rlp.encode(Rlp.list(Rlp.text(creator.bytes()), Rlp.number(unsigned)));
        return Address.of(Hashes.keccak256(encoded).slice(12, 20));
    }

    // EIP-1014
    private static Address saltedAddress(Address creator, Bytes salt, Bytes initcode) {
        Bytes hash = Hashes.keccak256(Bytes.of((byte) 0xff), creator.bytes(), salt, Hashes.keccak256(initcode));
        return Address.of(hash.slice(12, 20));
    }

    /** Puts the code that a creation returned in place and charges for it. */
    static void deposit(Frame f) {
        byte[] code = f.output;
        if (code.length > MOST_CODE) {
            throw Halt.of(HaltReason.CODE_TOO_LONG);
        }
        if (code.length > 0 && (code[0] & 0xff) == 0xef) { // EIP-3541
            throw Halt.of(HaltReason.CODE_STARTS_WITH_EF);
        }
        f.charge(DEPOSIT_PER_BYTE * code.length);
        Bytes raw = Bytes.of(code);
        f.world().setCode(f.self(), code.length == 0 ? Code.EMPTY : new Code(raw, Hashes.keccak256(raw)));
    }
}
