package io.cloister.ledger.receipt.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.TestChain;
import org.junit.jupiter.api.Test;

class PlainSecp256k1Test {
    @Test
    void saysWhatTheLibrarySaysOfGoodAndChangedSignatures() {
        for (int i = 0; i < 20; i++) {
            SigningKey key = TestChain.key("plain " + i);
            Bytes digest = Hashes.sha256(Bytes.utf8("digest " + i));
            byte[] signature = key.sign(digest).recoverable().toArray();
            assertThat(PlainSecp256k1.isRecoverable(key.id(), digest, Bytes.wrap(signature)))
                    .isTrue();
            for (int at = i % 5; at < 65; at += 5) {
                byte[] changed = signature.clone();
                changed[at] ^= 1;
                assertThat(PlainSecp256k1.isRecoverable(key.id(), digest, Bytes.wrap(changed)))
                        .isEqualTo(Ecdsa.isRecoverable(key.id(), digest, Bytes.wrap(changed)));
            }
            Bytes good = Bytes.wrap(signature);
            assertThat(PlainSecp256k1.isRecoverable(TestChain.key("other").id(), digest, good))
                    .isFalse();
            assertThat(PlainSecp256k1.isRecoverable(key.id(), Hashes.sha256(digest), good))
                    .isFalse();
        }
        assertThat(PlainSecp256k1.isRecoverable(Bytes.zeros(33), Bytes.zeros(32), Bytes.zeros(65)))
                .isFalse();
    }
}
