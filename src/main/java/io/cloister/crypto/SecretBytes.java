package io.cloister.crypto;

import io.cloister.codec.Bytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret byte string off the heap, zeroed on close. It has no value equality, no text form and no serialisation; its
 * bytes are reachable only inside {@link #use}. Thread-safe; use after close is an {@link IllegalStateException}.
 */
public final class SecretBytes implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretMemory memory;

    private SecretBytes(SecretMemory memory) {
        this.memory = memory;
    }

    /** Takes the secret over and zeroes the source. */
    public static SecretBytes taking(byte[] source) {
        SecretMemory memory = SecretMemory.allocate(source.length);
        memory.write(source);
        Arrays.fill(source, (byte) 0);
        return new SecretBytes(memory);
    }

    /** So many bytes from the system's random generator. */
    public static SecretBytes random(int length) {
        byte[] drawn = new byte[length];
        RANDOM.nextBytes(drawn);
        return taking(drawn);
    }

    public int length() {
        return memory.length();
    }

    /** Lends a temporary copy that is zeroed when the function returns; the function must not keep it. */
    public <T> T use(Function<byte[], T> function) {
        byte[] copy = new byte[memory.length()];
        try {
            memory.read(copy);
            return function.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** A second holder of the same secret, closed on its own. */
    public SecretBytes copy() {
        return use(bytes -> taking(bytes.clone()));
    }

    /** HKDF-SHA-256 without salt: a secret derived for one purpose, whose label begins with {@code cloister/}. */
    public SecretBytes hkdf(String info, int length) {
        return hkdf(Bytes.EMPTY, Bytes.utf8(info), length);
    }

    /** HKDF-SHA-256 with a public salt and binary info. */
    public SecretBytes hkdf(Bytes salt, Bytes info, int length) {
        return use(bytes -> {
            byte[] extracted = Hkdf.extract(salt.toArray(), bytes);
            try {
                return taking(Hkdf.expand(extracted, info.toArray(), length));
            } finally {
                Arrays.fill(extracted, (byte) 0);
            }
        });
    }

    @Override
    public void close() {
        memory.close();
    }
}
