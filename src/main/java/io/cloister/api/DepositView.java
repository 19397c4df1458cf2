package io.cloister.api;

import org.jspecify.annotations.Nullable;

/** A deposit on its way: from the home chain's mempool to the signature of its mint. */
record DepositView(
        String outpoint,
        String gHash,
        String amount,
        String state,
        @Nullable String reason,
        @Nullable Long confirmations,
        @Nullable Integer required,
        @Nullable String fee,
        @Nullable String minted,
        @Nullable String nHash,
        @Nullable String pHash,
        @Nullable String recipient,
        @Nullable String digest,
        @Nullable String signature,
        @Nullable String signer,
        @Nullable String presignature,
        @Nullable Long acceptedHeight,
        @Nullable String receipt) {}
