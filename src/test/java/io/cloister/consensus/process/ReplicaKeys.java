package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import java.util.stream.IntStream;

/** Everything that all processes of one network derive from its seed. */
record ReplicaKeys(String seed, int nodes) {
    static final String CHAIN = "processes-1";

    SigningKey slotKey(int slot) {
        return key("slot " + slot);
    }

    SigningKey voteKey(int slot) {
        return key("vote " + slot);
    }

    SecretBytes secret(String name) {
        return SecretBytes.taking(Hashes.sha256(Bytes.utf8(seed + " " + name)).toArray());
    }

    ValidatorSet validators() {
        return new ValidatorSet(IntStream.rangeClosed(1, nodes)
                .mapToObj(slot ->
                        new Validator(slot, slotKey(slot).id(), voteKey(slot).id(), 1, 1))
                .toList());
    }

    Genesis genesis() {
        return RequestApplication.genesis(CHAIN, validators());
    }

    private SigningKey key(String name) {
        Bytes wide = Hashes.sha512(Bytes.utf8(seed + " " + name));
        try (SecretBytes secret = SecretBytes.taking(wide.toArray());
                SecretScalar scalar = SecretScalar.reduce(secret)) {
            return SigningKey.of(scalar);
        }
    }
}
