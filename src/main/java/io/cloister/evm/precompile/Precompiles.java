package io.cloister.evm.precompile;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The precompiled contracts of each fork by the number that is their address. */
public final class Precompiles {
    private static final Precompile MISSING = new Missing();
    private static final int LAST_OF_CANCUN = 0x0a;
    private static final int LAST_OF_PRAGUE = 0x11; // BLS12-381, EIP-2537

    private record Missing() implements Precompile {
        @Override
        public boolean isSupported() {
            return false;
        }

        @Override
        public long gas(byte[] input) {
            throw new UnsupportedOperationException("a precompiled contract that is not supported");
        }

        @Override
        public Optional<byte[]> run(byte[] input) {
            throw new UnsupportedOperationException("a precompiled contract that is not supported");
        }
    }

    private Precompiles() {}

    public static Map<Integer, Precompile> cancun() {
        return upTo(LAST_OF_CANCUN, ModularPower.berlin());
    }

    public static Map<Integer, Precompile> prague() {
        return upTo(LAST_OF_PRAGUE, ModularPower.berlin());
    }

    public static Map<Integer, Precompile> osaka() {
        Map<Integer, Precompile> contracts = upTo(LAST_OF_PRAGUE, ModularPower.osaka());
        contracts.put(0x100, new P256Verify()); // EIP-7951
        return contracts;
    }

    private static Map<Integer, Precompile> upTo(int last, Precompile modularPower) {
        Map<Integer, Precompile> contracts = new TreeMap<>();
        for (int number = 1; number <= last; number++) {
            contracts.put(number, MISSING);
        }
        contracts.put(0x01, new RecoverSigner());
        contracts.put(0x02, DigestContract.sha256());
        contracts.put(0x03, DigestContract.ripemd160());
        contracts.put(0x04, DigestContract.identity());
        contracts.put(0x05, modularPower);
        contracts.put(0x06, AltBn128.addition());
        contracts.put(0x07, AltBn128.multiplication());
        contracts.put(0x09, new Blake2Compression());
        return contracts;
    }
}
