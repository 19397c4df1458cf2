package io.cloister.api;

import io.cloister.attestation.BootKeySet;

/** The public keys of a boot as the interface shows them. */
record BootKeysView(
        String chainId,
        String nodeId,
        long bootCounter,
        String tlsSpki,
        String voteKey,
        String shareKey,
        String hpkeKey,
        String resultKey) {
    static BootKeysView of(BootKeySet keys) {
        return new BootKeysView(
                keys.chainId(),
                keys.nodeId().to0x(),
                keys.bootCounter(),
                keys.tlsSpki().to0x(),
                keys.voteKey33().to0x(),
                keys.shareKey33().to0x(),
                keys.hpkeKey32().to0x(),
                keys.resultKey33().to0x());
    }
}
