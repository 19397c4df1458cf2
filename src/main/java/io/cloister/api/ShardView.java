package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.mpc.Committee;
import io.cloister.mpc.board.MpcKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A threshold key with its pool. */
record ShardView(
        String id,
        boolean ready,
        @Nullable String publicKey,
        @Nullable String address,
        @Nullable String beaconKey,
        int threshold,
        int members,
        int pool,
        int pending,
        List<TranscriptView> transcripts) {

    record TranscriptView(String what, String hash) {}

    /** The one shard of this release. */
    static ShardView of(String chainId, View state) {
        MpcKeys keys = new MpcKeys(state);
        int members = Members.seats(state).size();
        return new ShardView(
                id(chainId, 1).to0x(),
                keys.signingKey().isPresent() && keys.beaconKey().isPresent(),
                keys.signingKey().map(k -> k.encode().to0x()).orElse(null),
                keys.ethereumAddress().map(EthereumAddress::checksum).orElse(null),
                keys.beaconKey().map(k -> k.encode().to0x()).orElse(null),
                Committee.thresholdOf(members) + 1,
                members,
                keys.poolLevel(),
                keys.pendingRequests(),
                keys.transcripts().stream()
                        .map(t -> new TranscriptView(t.what(), t.hash().to0x()))
                        .toList());
    }

    /** Stable for ever: it names the shard before its key exists and after it has been reshared. */
    static Bytes id(String chainId, int number) {
        return Hashes.sha256(new Writer()
                .string("cloister/shard/v1")
                .string(chainId)
                .u32(number)
                .toBytes());
    }
}
