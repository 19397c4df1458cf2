package io.cloister.evm;

import io.cloister.evm.precompile.Precompile;
import io.cloister.evm.precompile.Precompiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What differs between forks, as data.
 *
 * @param costs constant gas by instruction; {@link Opcodes#UNDEFINED} where there is none
 * @param calldataFloor whether calldata has a floor price (EIP-7623)
 * @param setCode whether accounts may delegate to code (EIP-7702)
 * @param transactionGasCap the highest gas limit of a transaction (EIP-7825)
 * @param maxBlobsPerTransaction EIP-4844, EIP-7691, EIP-7594
 * @param blobUpdateFraction EIP-4844, EIP-7691
 */
record ForkRules(
        long[] costs,
        Map<Address, Precompile> precompiles,
        boolean calldataFloor,
        boolean setCode,
        long transactionGasCap,
        int maxBlobsPerTransaction,
        long blobUpdateFraction) {
    private static final ForkRules CANCUN = new ForkRules(
            Opcodes.cancun(), byAddress(Precompiles.cancun()), false, false, Long.MAX_VALUE, 6, 3_338_477);
    private static final ForkRules PRAGUE =
            new ForkRules(Opcodes.cancun(), byAddress(Precompiles.prague()), true, true, Long.MAX_VALUE, 9, 5_007_716);
    private static final ForkRules OSAKA =
            new ForkRules(Opcodes.osaka(), byAddress(Precompiles.osaka()), true, true, 1 << 24, 6, 5_007_716);

    static ForkRules of(Fork fork) {
        return switch (fork) {
            case CANCUN -> CANCUN;
            case PRAGUE -> PRAGUE;
            case OSAKA -> OSAKA;
        };
    }

    Optional<Precompile> precompile(Address address) {
        return Optional.ofNullable(precompiles.get(address));
    }

    boolean isPrecompile(Address address) {
        return precompiles.containsKey(address);
    }

    private static Map<Address, Precompile> byAddress(Map<Integer, Precompile> precompiles) {
        Map<Address, Precompile> byAddress = new HashMap<>();
        precompiles.forEach((number, precompile) -> byAddress.put(Address.ofLow(number), precompile));
        return byAddress;
    }
}
