package io.cloister.node.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.HexFormat;

/**
 * The TLS key as a PKCS #12 file in memory (tmpfs, readable by its owner only), for the moment in which the server's
 * https listener reads it. The password is new each time and never leaves the process.
 */
final class HandoverStore implements AutoCloseable {
    static final String ALIAS = "cloister";
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String STORE = "javax.net.ssl.keyStore";
    private static final String PASSWORD = "javax.net.ssl.keyStorePassword";
    private static final String TYPE = "javax.net.ssl.keyStoreType";

    private final Path file;
    private final String password;

    private HandoverStore(Path file, String password) {
        this.file = file;
        this.password = password;
    }

    static HandoverStore write(TlsIdentity identity) throws LaunchRefused {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        try {
            FileStore memory = Files.getFileStore(MEMORY);
            if (!memory.type().equals("tmpfs")) {
                throw new LaunchRefused(MEMORY + " is " + memory.type() + ", not tmpfs; the TLS key goes on no disk");
            }
            FileAttribute<?> ownerOnly =
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            HandoverStore store = new HandoverStore(
                    Files.createTempFile(
                            MEMORY, "cloister-" + ProcessHandle.current().pid() + "-", ".p12", ownerOnly),
                    password);
            Runtime.getRuntime().addShutdownHook(new Thread(store::close, "cloister-handover-store"));
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(ALIAS, identity.key(), password.toCharArray(), new Certificate[] {identity.certificate()});
            try (OutputStream out = Files.newOutputStream(store.file)) {
                keys.store(out, password.toCharArray());
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new LaunchRefused("cannot hand the TLS key to the server", e);
        }
    }

    /** Names the file to the server. Earlier than the server's boot this would make it copy the file beside its own. */
    void announce() {
        System.setProperty(STORE, file.toString());
        System.setProperty(PASSWORD, password);
        System.setProperty(TYPE, "PKCS12");
        // The JDK's certificate authorities, not the older ones that the server brings.
        System.setProperty(
                "javax.net.ssl.trustStore",
                Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                        .toString());
    }

    /** Deletes the file and forgets the password; a second call does nothing. */
    @Override
    public void close() {
        System.clearProperty(PASSWORD);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(HandoverStore.class.getName())
                    .log(System.Logger.Level.ERROR, "the key store " + file + " could not be deleted", e);
        }
    }
}
