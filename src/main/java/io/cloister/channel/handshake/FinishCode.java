package io.cloister.channel.handshake;

import io.cloister.channel.handshake.HandshakeMessage.Finish;
import io.cloister.channel.handshake.HandshakeState.Agreed;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.security.MessageDigest;

/**
 * The finish codes: HKDF-SHA-256 (so an HMAC) over {@code label || role || transcript} under a key that only the two
 * ends of the TLS connection can export. The key never leaves this class. (H13)
 */
final class FinishCode {
    private static final String KEY_LABEL = "EXPORTER-cloister-channel-finish-v1";
    private static final Bytes LABEL = Bytes.utf8("cloister/channel/finish/v1");
    private static final int CODE_BYTES = 32;

    private FinishCode() {}

    static Finish of(ChannelBinding binding, Agreed agreed, Role by) {
        Bytes said = Bytes.concat(LABEL, by.label(), agreed.transcript().hash());
        try (SecretBytes key = binding.export(KEY_LABEL, agreed.context(), CODE_BYTES);
                SecretBytes code = key.hkdf(Bytes.EMPTY, said, CODE_BYTES)) {
            return new Finish(code.use(Bytes::of));
        }
    }

    /** Compares in constant time. */
    static boolean equal(Finish one, Finish other) {
        return MessageDigest.isEqual(one.code().toArray(), other.code().toArray());
    }
}
