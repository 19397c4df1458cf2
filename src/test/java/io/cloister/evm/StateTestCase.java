package io.cloister.evm;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.MerklePatriciaTrie;
import io.cloister.codec.ethereum.Rlp;
import io.cloister.codec.ethereum.SignedTransaction;
import io.cloister.crypto.Hashes;
import io.cloister.evm.SimulationResult.TouchedAccount;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One official state test: from the signed transaction's bytes to the state root and the hash of the logs. */
final class StateTestCase {
    private static final Limits GENEROUS = new Limits(Long.MAX_VALUE, 1 << 30, 1024, 120_000);

    private record Held(BigInteger balance, long nonce, Bytes code, Map<Bytes, Bytes> storage) {}

    private final JsonNode test;
    private final Map<Bytes, Held> state = new HashMap<>();

    StateTestCase(JsonNode test) {
        this.test = test;
        test.get("pre").properties().forEach(entry -> state.put(Bytes.hex(entry.getKey()), held(entry.getValue())));
    }

    String id() {
        return test.get("id").asText();
    }

    /**
     * Runs the case.
     *
     * @return what is wrong with the outcome; empty when the case passes
     * @throws UnsupportedPrecompileException when the case needs what is not there
     */
    Optional<String> run(Simulator simulator) {
        boolean refusalExpected = test.get("post").has("expectException");
        List<Log> logs = List.of();
        try {
            SimulationResult result = simulator.simulate(request(), GENEROUS);
            if (refusalExpected) {
                return Optional.of("accepted, but " + test.get("post").get("expectException"));
            }
            apply(result);
            logs = result.logs();
        } catch (TransactionRejectedException | CodecException e) {
            if (!refusalExpected) {
                return Optional.of(e.toString());
            }
        }
        Bytes root = root();
        if (!root.toString().equals(test.get("post").get("hash").asText())) {
            return Optional.of("state root " + root + difference());
        }
        Bytes logsHash = Hashes.keccak256(
                Rlp.encode(Rlp.list(logs.stream().map(Log::toRlp).toList())));
        return logsHash.toString().equals(test.get("post").get("logs").asText())
                ? Optional.empty()
                : Optional.of("logs hash " + logsHash);
    }

    private SimulationRequest request() {
        JsonNode env = test.get("env");
        Fork fork = Fork.named(test.get("fork").asText()).orElseThrow();
        long number = number(env.get("currentNumber")).longValueExact();
        BlockEnvironment block = new BlockEnvironment(
                number(test.get("config").get("chainid")),
                number,
                number(env.get("currentTimestamp")).longValueExact(),
                number(env.get("currentGasLimit")).longValueExact(),
                Bytes.hex(env.get("currentCoinbase").asText()),
                bytes32(env.get("currentRandom").asText()),
                number(env.get("currentBaseFee")),
                fork.blobBaseFee(number(env.get("currentExcessBlobGas")).longValueExact()));
        MemoryState source = new MemoryState();
        state.forEach(
                (address, held) -> source.put(address, held.balance(), held.nonce(), held.code(), held.storage()));
        for (long i = Math.max(0, number - 256); i < number; i++) {
            source.putBlockHash(i, Hashes.keccak256(Bytes.utf8(Long.toString(i))));
        }
        SignedTransaction signed = EthereumTransaction.decode(
                Bytes.hex(test.get("post").get("txbytes").asText()));
        if (!signed.sender()
                .toString()
                .equals(test.get("transaction").get("sender").asText())) {
            throw new AssertionError("another sender was recovered: " + signed.sender());
        }
        return new SimulationRequest(fork, block, signed.sender(), signed.transaction(), source);
    }

    private void apply(SimulationResult result) {
        result.accounts().forEach((address, account) -> {
            Held before = state.getOrDefault(address, new Held(BigInteger.ZERO, 0, Bytes.EMPTY, Map.of()));
            Bytes code = account.code().orElse(before.code());
            boolean empty = account.balance().signum() == 0 && account.nonce() == 0 && code.isEmpty();
            if (account.status().selfDestructed() || empty) {
                state.remove(address);
            } else {
                state.put(address, new Held(account.balance(), account.nonce(), code, storage(before, account)));
            }
        });
    }

    private static Map<Bytes, Bytes> storage(Held before, TouchedAccount account) {
        Map<Bytes, Bytes> storage = new HashMap<>(before.storage());
        account.storage().forEach((slot, change) -> {
            if (!change.before().equals(storage.getOrDefault(slot, Words.ZERO))) {
                throw new AssertionError("slot " + slot + " did not hold " + change.before());
            }
            storage.put(slot, change.after());
        });
        return storage;
    }

    private Bytes root() {
        Map<Bytes, Bytes> trie = new HashMap<>();
        state.forEach((address, held) -> {
            Map<Bytes, Bytes> slots = new HashMap<>();
            held.storage().forEach((slot, value) -> {
                BigInteger number = new BigInteger(1, value.toArray());
                if (number.signum() != 0) {
                    slots.put(Hashes.keccak256(slot), Rlp.encode(Rlp.number(number)));
                }
            });
            trie.put(
                    Hashes.keccak256(address),
                    Rlp.encode(Rlp.list(
                            Rlp.number(new BigInteger(Long.toUnsignedString(held.nonce()))),
                            Rlp.number(held.balance()),
                            Rlp.text(MerklePatriciaTrie.root(slots)),
                            Rlp.text(Hashes.keccak256(held.code())))));
        });
        return MerklePatriciaTrie.root(trie);
    }

    /** The first account that is not as it should be. */
    private String difference() {
        Map<Bytes, Held> expected = new TreeMap<>();
        test.get("post")
                .get("state")
                .properties()
                .forEach(entry -> expected.put(Bytes.hex(entry.getKey()), held(entry.getValue())));
        for (Map.Entry<Bytes, Held> entry : expected.entrySet()) {
            Held actual = state.get(entry.getKey());
            if (!entry.getValue().equals(actual)) {
                return ": " + entry.getKey() + " expected " + brief(entry.getValue()) + " but was "
                        + (actual == null ? "missing" : brief(actual));
            }
        }
        return ": accounts beyond " + expected.keySet() + ": " + state.keySet();
    }

    private static String brief(Held held) {
        return "balance " + held.balance() + ", nonce " + held.nonce() + ", code "
                + held.code().length() + " bytes, " + new TreeMap<>(held.storage());
    }

    private static Held held(JsonNode account) {
        Map<Bytes, Bytes> storage = new HashMap<>();
        account.get("storage")
                .properties()
                .forEach(entry -> storage.put(
                        bytes32(entry.getKey()), bytes32(entry.getValue().asText())));
        return new Held(
                number(account.get("balance")),
                number(account.get("nonce")).longValue(),
                Bytes.hex(account.get("code").asText()),
                storage);
    }

    private static BigInteger number(JsonNode node) {
        return new BigInteger(node.asText().substring(2), 16);
    }

    private static Bytes bytes32(String hex) {
        String digits = hex.substring(2);
        return Bytes.hex("0".repeat(64 - digits.length()) + digits);
    }
}
