package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import java.util.Arrays;

/**
 * Encryption of one receiver's shares: pad_j = KDF(S, v, PK_j, d, j, ctx) with S = beta*PK_j = sk_j*v, exclusive-or'ed
 * onto the plaintext. The dealing's id binds the ciphertext and the commitments check the plaintext, so no tag is
 * needed; whoever learns S can recompute the pad, which is what a complaint does.
 */
final class SharePad {
    private static final String DOMAIN = "cloister/mpc/pad/v1";
    private static final int CHUNK = 4096;

    private final DealingContext context;
    private final int dealer;
    private final Point ephemeral;

    SharePad(DealingContext context, int dealer, Point ephemeral) {
        this.context = context;
        this.dealer = dealer;
        this.ephemeral = ephemeral;
    }

    Bytes encrypt(DealingContext.Receiver receiver, Point shared, SecretBytes plaintext) {
        return plaintext.use(plain -> {
            byte[] out = plain.clone();
            pad(receiver, shared, out);
            return Bytes.wrap(out);
        });
    }

    SecretBytes decrypt(DealingContext.Receiver receiver, Point shared, Bytes ciphertext) {
        byte[] out = ciphertext.toArray();
        pad(receiver, shared, out);
        return SecretBytes.taking(out);
    }

    private void pad(DealingContext.Receiver receiver, Point shared, byte[] target) {
        Bytes salt = context.digest(dealer);
        try (SecretBytes key = SecretBytes.taking(shared.encode().toArray())) {
            for (int from = 0; from < target.length; from += CHUNK) {
                Bytes info = new Writer()
                        .string(DOMAIN)
                        .bytes(ephemeral.encode())
                        .bytes(receiver.key())
                        .u16(dealer)
                        .u16(receiver.slot())
                        .u32(from / CHUNK)
                        .toBytes();
                int at = from;
                try (SecretBytes pad = key.hkdf(salt, info, Math.min(CHUNK, target.length - from))) {
                    pad.use(bytes -> xor(bytes, target, at));
                }
            }
        }
    }

    private static int xor(byte[] pad, byte[] target, int at) {
        for (int i = 0; i < pad.length; i++) {
            target[at + i] ^= pad[i];
        }
        Arrays.fill(pad, (byte) 0);
        return pad.length;
    }
}
