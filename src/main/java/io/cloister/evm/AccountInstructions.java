package io.cloister.evm;

import java.math.BigInteger;

/** The instructions that look at other accounts or end their own, with the access costs of EIP-2929. */
final class AccountInstructions {
    /** A cold account costs 2,600, of which 100 are in the constant cost. */
    static final long COLD_ACCOUNT_EXTRA = 2_500;

    private static final long COLD_ACCOUNT = 2_600;
    private static final long NEW_ACCOUNT = 25_000;
    private static final int BLOCK_HASHES = 256;

    private AccountInstructions() {}

    static int read(Frame f, int op) {
        if (op == 0x40) {
            return blockHash(f);
        }
        int at = f.sp - 4;
        Account account = f.world().mention(Address.ofWord(f.stack, at));
        if (op == 0x3c) {
            return copyCode(f, account);
        }
        access(f, account);
        f.sp = at;
        switch (op) {
            case 0x31 -> f.push(account.balance);
            case 0x3b -> f.push(f.world().code(account).length);
            default -> { // EXTCODEHASH, EIP-1052
                if (account.isEmpty()) {
                    f.push(0);
                } else {
                    f.push(account.codeHash);
                }
            }
        }
        return Interpreter.CONTINUE;
    }

    /** Pays for an account, then loads it. */
    static Account access(Frame f, Account account) {
        if (f.world().warm(account)) {
            f.charge(COLD_ACCOUNT_EXTRA);
        }
        return f.world().load(account);
    }

    private static int copyCode(Frame f, Account account) {
        int sp = f.sp;
        int offset = f.room(sp - 8, sp - 16);
        int length = (int) f.stack[sp - 16];
        f.charge(3 * Instructions.words(length));
        Code code = f.world().code(access(f, account));
        f.fill(offset, length, code.padded, code.length, Words.saturated(f.stack, sp - 12));
        f.sp -= 16;
        return Interpreter.CONTINUE;
    }

    private static int blockHash(Frame f) {
        long number = Words.saturated(f.stack, f.sp - 4);
        long current = f.machine.block().number();
        f.sp -= 4;
        if (number < current && number >= current - BLOCK_HASHES) {
            f.push(f.world().blockHash(number));
        } else {
            f.push(0);
        }
        return Interpreter.CONTINUE;
    }

    // EIP-6780: the account goes only when this transaction made it; its balance goes always.
    static int selfDestruct(Frame f) {
        f.requireNotStatic();
        World world = f.world();
        Account self = f.self();
        Account heir = world.mention(Address.ofWord(f.stack, f.sp - 4));
        if (world.warm(heir)) {
            f.charge(COLD_ACCOUNT);
        }
        world.load(heir);
        if (self.balance.signum() != 0 && heir.isEmpty()) {
            f.charge(NEW_ACCOUNT);
        }
        if (heir != self) {
            world.transfer(self, heir, self.balance);
        } else if (self.created) {
            world.setBalance(self, BigInteger.ZERO);
        }
        if (self.created) {
            world.markSelfDestructed(self);
        }
        return Interpreter.SELF_DESTRUCTED;
    }
}
