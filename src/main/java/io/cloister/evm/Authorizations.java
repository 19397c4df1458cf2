package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Authorization;
import java.math.BigInteger;
import java.util.List;

/**
 * Sets code for those who authorized it, before the transaction runs (EIP-7702); an unusable authorization is passed
 * over.
 */
final class Authorizations {
    private static final long EXISTING_AUTHORITY_REFUND = 25_000 - 12_500;
    private static final BigInteger LAST_NONCE = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Authorizations() {}

    static void apply(List<Authorization> authorizations, BigInteger chainId, World world) {
        for (Authorization authorization : authorizations) {
            boolean forThisChain = authorization.chainId().signum() == 0
                    || authorization.chainId().equals(chainId);
            if (forThisChain && authorization.nonce().compareTo(LAST_NONCE) < 0) {
                authorization.authority().ifPresent(authority -> apply(authorization, Address.of(authority), world));
            }
        }
    }

    private static void apply(Authorization authorization, Address authority, World world) {
        Account account = world.account(authority);
        world.warm(account);
        Code code = world.code(account);
        boolean free = code.isEmpty() || code.delegate().isPresent();
        if (!free || authorization.nonce().longValue() != account.nonce) {
            return;
        }
        if (account.stored.isPresent() || !account.isEmpty()) {
            world.addRefund(EXISTING_AUTHORITY_REFUND);
        }
        Bytes target = authorization.address();
        world.setCode(account, target.equals(Bytes.zeros(20)) ? Code.EMPTY : Code.delegationTo(Address.of(target)));
        world.incrementNonce(account);
    }
}
