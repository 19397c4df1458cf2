package io.cloister.bridge.genesis;

import io.cloister.attestation.Policy;
import io.cloister.bridge.Asset;
import io.cloister.channel.PeerAddress;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.MembershipRules;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A network before its first block.
 *
 * @param timeMillis block time before the first block
 * @param policy what members demand of each other's evidence
 * @param rules how members are let in and out
 * @param members in the order of slots, 1 to n
 * @param addresses where the members' channels listen, in the same order
 * @param assets what the bridge carries
 * @param checkpoints height of each chain from which it is read
 */
public record GenesisFile(
        String chainId,
        long timeMillis,
        Policy policy,
        MembershipRules rules,
        List<Member> members,
        List<PeerAddress> addresses,
        List<Asset> assets,
        Map<String, Long> checkpoints) {
    /** Number of the first epoch. */
    public static final long EPOCH = 0;

    public GenesisFile {
        members = List.copyOf(members);
        addresses = List.copyOf(addresses);
        assets = List.copyOf(assets);
        checkpoints = Map.copyOf(checkpoints);
        ServedChains.require(assets, checkpoints);
        if (!chainId.matches("[\\x21-\\x7e]{1,64}") || timeMillis < 0) {
            throw new IllegalArgumentException("a chain id has 1 to 64 printable characters, and time is not negative");
        }
        long keys = members.stream()
                .flatMap(m -> Stream.of(m.nodeId(), m.voteKey()))
                .distinct()
                .count();
        if (members.isEmpty() || keys != 2L * members.size()) {
            throw new IllegalArgumentException("members are missing or share a key");
        }
        rules.fault(members.size()).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        if (members.size() != addresses.size()) {
            throw new IllegalArgumentException("every member has one address");
        }
        for (int i = 0; i < members.size(); i++) {
            boolean fits = members.get(i).slot() == i + 1
                    && members.get(i).nodeId().equals(addresses.get(i).nodeId());
            if (!fits) {
                throw new IllegalArgumentException("slot " + (i + 1) + " is missing or has another node's address");
            }
        }
        for (Asset asset : assets) {
            if (!checkpoints.keySet().containsAll(List.of(asset.chain(), asset.evmChain()))) {
                throw new IllegalArgumentException("a chain of " + asset.symbol() + " has no checkpoint");
            }
        }
    }

    /** SHA-256 over the canonical JSON: equal exactly for equal files. */
    public Bytes digest() {
        return Hashes.sha256(Bytes.utf8("cloister/genesis-file/v1"), Bytes.utf8(GenesisJson.write(this)));
    }

    /** The JSON document, with line breaks. */
    public String toJson() {
        return GenesisJson.pretty(this);
    }

    /**
     * Reads a JSON document. Strict: every member must be there and none may be unknown.
     *
     * @throws IllegalArgumentException when it is not such a document
     * @throws io.cloister.multichain.ProfileRefused when it names a chain that this release does not serve
     */
    public static GenesisFile parse(Bytes json) {
        return GenesisJson.parse(json);
    }
}
