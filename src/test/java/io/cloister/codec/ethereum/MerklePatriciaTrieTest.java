package io.cloister.codec.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.Vectors;
import io.cloister.codec.ethereum.TrieProofException.Reason;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MerklePatriciaTrieTest {
    @Test
    void givesPublishedRoots() {
        assertThat(MerklePatriciaTrie.root(Map.of()).toHex())
                .isEqualTo("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
        Map<Bytes, Bytes> dogs = Map.of(
                Bytes.utf8("do"), Bytes.utf8("verb"),
                Bytes.utf8("dog"), Bytes.utf8("puppy"),
                Bytes.utf8("doge"), Bytes.utf8("coin"),
                Bytes.utf8("horse"), Bytes.utf8("stallion"));
        assertThat(MerklePatriciaTrie.root(dogs).toHex())
                .isEqualTo("5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84");
    }

    @Property(tries = 150)
    void provesPresenceAndAbsenceInRandomTries(@ForAll Random random) {
        Map<Bytes, Bytes> entries = new HashMap<>();
        int size = random.nextInt(60);
        for (int i = 0; i < size; i++) {
            entries.put(randomKey(random), Bytes.utf8("v".repeat(1 + random.nextInt(40)) + i));
        }
        Bytes root = MerklePatriciaTrie.root(entries);
        List<Bytes> keys = new ArrayList<>(entries.keySet());
        for (int i = 0; i < 20; i++) {
            keys.add(randomKey(random));
        }
        for (Bytes key : keys) {
            List<Bytes> proof = MerklePatriciaTrie.proof(entries, key);
            assertThat(MerklePatriciaTrie.verify(root, key, proof)).isEqualTo(Optional.ofNullable(entries.get(key)));
        }
    }

    @Property(tries = 100)
    void refusesEveryChangedProof(@ForAll Random random) {
        Map<Bytes, Bytes> entries = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            entries.put(Hashes.keccak256(Bytes.utf8("key" + i)), Bytes.utf8("value " + i));
        }
        Bytes key = Hashes.keccak256(Bytes.utf8("key" + random.nextInt(40)));
        Bytes root = MerklePatriciaTrie.root(entries);
        List<Bytes> proof = MerklePatriciaTrie.proof(entries, key);
        List<Bytes> changed = new ArrayList<>(proof);
        int node = random.nextInt(proof.size());
        byte[] bytes = proof.get(node).toArray();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        changed.set(node, Bytes.wrap(bytes));
        assertReason(Reason.WRONG_HASH, root, key, changed);
        assertReason(Reason.MISSING_NODE, root, key, proof.subList(0, proof.size() - 1));
        List<Bytes> longer = new ArrayList<>(proof);
        longer.add(proof.getFirst());
        assertReason(Reason.SURPLUS_NODE, root, key, longer);
    }

    @Test
    void refusesNodesThatAreNone() {
        Bytes key = Bytes.hex("12");
        for (String node :
                List.of("c0", "c3010203", "c22080", "c21180", "c2008161", "c28000", "c2c080", "d2".repeat(19))) {
            Bytes bytes = Bytes.hex(node);
            assertThatThrownBy(() -> MerklePatriciaTrie.verify(Hashes.keccak256(bytes), key, List.of(bytes)))
                    .as(node)
                    .isInstanceOf(TrieProofException.class);
        }
        assertThat(MerklePatriciaTrie.verify(MerklePatriciaTrie.EMPTY_ROOT, key, List.of()))
                .isEmpty();
        assertThat(MerklePatriciaTrie.verify(MerklePatriciaTrie.EMPTY_ROOT, key, List.of(Bytes.hex("80"))))
                .isEmpty();
    }

    @Test
    void verifiesAccountsAndStorageOfMainnet() {
        Bytes stateRoot = hex(Vectors.json("multichain/ethereum/rpc/block.json"), "stateRoot");
        for (String file : List.of("proof", "block_miner_proof")) {
            JsonNode proof = Vectors.json("multichain/ethereum/rpc/" + file + ".json");
            assertAccount(proof, stateRoot);
        }
    }

    @Test
    void verifiesAccountAndAbsentSlotOfAnvil() {
        JsonNode vector = Vectors.json("multichain/ethereum/anvil-proof-mint-eip712.json");
        assertAccount(vector.get("proof"), hex(vector.get("proofBlock"), "stateRoot"));
    }

    @Test
    void verifiesTheReceiptOfMainnet() {
        JsonNode vector = Vectors.json("multichain/ethereum/mainnet-0x14e8d38-receipt-57-proof.json");
        Bytes root = hex(vector, "receiptsRoot");
        List<Bytes> nodes = list(vector.get("proof"));
        Bytes envelope =
                MerklePatriciaTrie.verify(root, hex(vector, "key"), nodes).orElseThrow();
        Receipt receipt = Receipt.decode(envelope);
        assertThat(receipt.success()).isTrue();
        assertThat(receipt.cumulativeGasUsed()).isEqualTo(0x8aa343L);
        assertThat(receipt.encode()).isEqualTo(envelope);
    }

    private static void assertAccount(JsonNode proof, Bytes stateRoot) {
        Bytes key = Hashes.keccak256(hex(proof, "address"));
        Bytes account = MerklePatriciaTrie.verify(stateRoot, key, list(proof.get("accountProof")))
                .orElseThrow();
        assertThat(account)
                .isEqualTo(Rlp.encode(Rlp.list(
                        Rlp.number(number(proof.get("nonce"))),
                        Rlp.number(number(proof.get("balance"))),
                        Rlp.text(hex(proof, "storageHash")),
                        Rlp.text(hex(proof, "codeHash")))));
        for (JsonNode slot : proof.get("storageProof")) {
            Bytes value = MerklePatriciaTrie.verify(
                            hex(proof, "storageHash"), Hashes.keccak256(hex(slot, "key")), list(slot.get("proof")))
                    .orElse(Bytes.hex("80"));
            assertThat(value).isEqualTo(Rlp.encode(Rlp.number(number(slot.get("value")))));
        }
    }

    private static void assertReason(Reason reason, Bytes root, Bytes key, List<Bytes> proof) {
        TrieProofException refused =
                catchThrowableOfType(TrieProofException.class, () -> MerklePatriciaTrie.verify(root, key, proof));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
    }

    private static Bytes randomKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3) * 0x10 + random.nextInt(3));
        }
        return Bytes.wrap(key);
    }

    static Bytes hex(JsonNode node, String field) {
        return Bytes.hex(node.get(field).asText());
    }

    static BigInteger number(JsonNode node) {
        return new BigInteger(node.asText().substring(2), 16);
    }

    private static List<Bytes> list(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(each -> Bytes.hex(each.asText()))
                .toList();
    }
}
