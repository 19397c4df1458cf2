package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Level;
import io.cloister.vault.PeersPart;
import io.cloister.vault.Schema;
import io.cloister.vault.Scope;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.TamperedException;
import io.cloister.vault.TamperedException.Kind;
import io.cloister.vault.VaultException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The key hierarchy. The local seal gives the key-encryption key (KEK) of the identity level; local seal and peers'
 * part together give that of the state level. A KEK wraps a level's data keys in {@code vault_keyset} and nothing else,
 * so a new seal means new wrapping, never new data keys. Changes are guarded by {@link Vault}; envelopes may be asked for
 * at any time.
 */
final class VaultRoot implements AutoCloseable {
    private static final int SEAL = 32;
    private static final int VAULT_ID = 32;
    private static final String IDENTITY_KEK = "cloister/vault-identity-kek/v1";
    private static final String STATE_KEK = "cloister/vault-state-kek/v1";

    private final String deployment;
    private final Map<Level, Opened> levels = new ConcurrentHashMap<>();
    private SecretBytes localSeal;
    private Optional<SecretBytes> peersPart = Optional.empty();

    /** An open level. */
    private record Opened(KeysetRow row, Keysets keysets, TinkEnvelope envelope) {}

    VaultRoot(String deployment, SecretBytes localSeal) {
        if (localSeal.length() != SEAL) {
            throw new IllegalArgumentException("a local seal of " + localSeal.length() + " bytes");
        }
        this.deployment = deployment;
        this.localSeal = copy(localSeal);
    }

    /** Opens the identity level, or makes it (with its keyset row) when the database has none. */
    TinkEnvelope openIdentity(Connection connection, SealMetadata metadata) throws SQLException {
        Optional<KeysetRow> stored = KeysetTable.read(connection, Level.IDENTITY);
        try (SecretBytes kek = identityKek(localSeal)) {
            if (stored.isPresent()) {
                return open(stored.get(), kek, stored.get().vaultId());
            }
            Bytes vaultId = SecretBytes.random(VAULT_ID).use(Bytes::of);
            return create(connection, Level.IDENTITY, vaultId, metadata, kek, vaultId);
        }
    }

    /** Opens the state level, or makes it with the part given. Takes the part over. */
    TinkEnvelope openState(Connection connection, Bytes nodeId, SecretBytes part) throws SQLException {
        if (part.length() != PeersPart.LENGTH) {
            part.close();
            throw new IllegalArgumentException("a peers' part of another length than " + PeersPart.LENGTH);
        }
        peersPart.ifPresent(SecretBytes::close);
        peersPart = Optional.of(part);
        KeysetRow identity = opened(Level.IDENTITY).row();
        Optional<KeysetRow> stored = KeysetTable.read(connection, Level.STATE);
        try (SecretBytes kek = stateKek(localSeal, part)) {
            if (stored.isPresent()) {
                sameVault(identity, stored.get());
                return open(stored.get(), kek, nodeId);
            }
            return create(connection, Level.STATE, identity.vaultId(), identity.metadata(), kek, nodeId);
        }
    }

    /** Whether a part is the one that a state level's keysets are wrapped under. It stays the caller's. */
    boolean fits(KeysetRow state, SecretBytes part) {
        try (SecretBytes kek = stateKek(localSeal, part)) {
            return state.isWrappedUnder(deployment, kek);
        }
    }

    /** Wraps the same data keys of all levels under another seal. All levels that the database has must be open. */
    Map<Level, KeysetRow> rewrap(Connection connection, SecretBytes newSeal, SealMetadata metadata)
            throws SQLException {
        if (newSeal.length() != SEAL) {
            throw new IllegalArgumentException("a local seal of " + newSeal.length() + " bytes");
        }
        if (!levels.containsKey(Level.STATE)
                && KeysetTable.read(connection, Level.STATE).isPresent()) {
            throw new VaultException("a new seal needs the state level open, its keys are under the old seal as well");
        }
        Map<Level, KeysetRow> rows = new EnumMap<>(Level.class);
        for (Map.Entry<Level, Opened> entry : levels.entrySet()) {
            try (SecretBytes kek = kek(entry.getKey(), newSeal)) {
                Opened opened = entry.getValue();
                rows.put(entry.getKey(), rewritten(connection, opened, opened.keysets(), metadata, kek));
            }
        }
        return rows;
    }

    /** Makes the rows of {@link #rewrap} those in force, after they are committed. */
    void adopt(Map<Level, KeysetRow> rows, SecretBytes newSeal) {
        rows.forEach((level, row) ->
                levels.computeIfPresent(level, (it, old) -> new Opened(row, old.keysets(), old.envelope())));
        SecretBytes old = localSeal;
        localSeal = copy(newSeal);
        old.close();
    }

    /** What a new key epoch changes, to be adopted when it is committed. */
    record NewEpoch(KeysetRow row, Keysets keysets) {}

    NewEpoch newEpoch(Connection connection, Level level) throws SQLException {
        Opened opened = opened(level);
        Keysets next = opened.keysets().next();
        try (SecretBytes kek = kek(level, localSeal)) {
            return new NewEpoch(rewritten(connection, opened, next, opened.row().metadata(), kek), next);
        }
    }

    void adopt(NewEpoch epoch) {
        Opened old = opened(epoch.row().level());
        old.envelope().replace(epoch.keysets().primitives());
        levels.put(epoch.row().level(), new Opened(epoch.row(), epoch.keysets(), old.envelope()));
    }

    /** Forgets a level whose making was not committed. */
    void forget(Level level) {
        Optional.ofNullable(levels.remove(level)).ifPresent(it -> it.envelope().close());
    }

    boolean isOpen(Level level) {
        return levels.containsKey(level);
    }

    TinkEnvelope envelope(Level level) {
        return opened(level).envelope();
    }

    KeysetRow row(Level level) {
        return opened(level).row();
    }

    @Override
    public void close() {
        levels.values().forEach(it -> it.envelope().close());
        levels.clear();
        localSeal.close();
        peersPart.ifPresent(SecretBytes::close);
    }

    private TinkEnvelope open(KeysetRow row, SecretBytes kek, Bytes node) {
        return remember(row, row.open(deployment, kek), node);
    }

    private TinkEnvelope create(
            Connection connection, Level level, Bytes vaultId, SealMetadata metadata, SecretBytes kek, Bytes node)
            throws SQLException {
        Keysets keysets = Keysets.generate();
        KeysetRow row = KeysetRow.of(deployment, level, 1, vaultId, metadata, keysets, kek);
        KeysetTable.insert(connection, row);
        return remember(row, keysets, node);
    }

    private TinkEnvelope remember(KeysetRow row, Keysets keysets, Bytes node) {
        TinkEnvelope envelope = new TinkEnvelope(new Scope(deployment, node, row.level()), keysets.primitives());
        levels.put(row.level(), new Opened(row, keysets, envelope));
        return envelope;
    }

    private KeysetRow rewritten(
            Connection connection, Opened opened, Keysets keysets, SealMetadata metadata, SecretBytes kek)
            throws SQLException {
        KeysetRow old = opened.row();
        KeysetRow row = KeysetRow.of(
                deployment, old.level(), Math.addExact(old.version(), 1), old.vaultId(), metadata, keysets, kek);
        if (!row.open(deployment, kek).sameAs(keysets)) {
            throw new VaultException("re-wrapped keysets of level " + old.level() + " do not open");
        }
        KeysetTable.update(connection, row);
        return row;
    }

    private Opened opened(Level level) {
        return Optional.ofNullable(levels.get(level))
                .orElseThrow(() -> new VaultException("level " + level + " is not open"));
    }

    private SecretBytes kek(Level level, SecretBytes seal) {
        return switch (level) {
            case IDENTITY -> identityKek(seal);
            case STATE -> stateKek(seal, peersPart.orElseThrow());
        };
    }

    private static SecretBytes identityKek(SecretBytes seal) {
        return seal.hkdf(IDENTITY_KEK, 32);
    }

    /** HKDF over seal || part; both have a fixed length, so the concatenation is unambiguous. */
    private static SecretBytes stateKek(SecretBytes seal, SecretBytes part) {
        byte[] joined = new byte[SEAL + PeersPart.LENGTH];
        seal.use(bytes -> copyInto(bytes, joined, 0));
        part.use(bytes -> copyInto(bytes, joined, SEAL));
        try (SecretBytes both = SecretBytes.taking(joined)) {
            return both.hkdf(STATE_KEK, 32);
        }
    }

    private static int copyInto(byte[] source, byte[] target, int at) {
        System.arraycopy(source, 0, target, at, source.length);
        return source.length;
    }

    private static SecretBytes copy(SecretBytes secret) {
        return secret.use(bytes -> SecretBytes.taking(bytes.clone()));
    }

    static TamperedException missing(Level level, String why) {
        return new TamperedException(
                Kind.MISSING, Schema.KEYSET.name(), Bytes.utf8(level.name()), "the row was deleted: " + why);
    }

    private static void sameVault(KeysetRow identity, KeysetRow state) {
        if (!identity.vaultId().equals(state.vaultId())) {
            throw TamperedException.changed(state.row(), "belongs to another vault");
        }
        if (!identity.metadata().equals(state.metadata())) {
            throw TamperedException.changed(state.row(), "is not wrapped under the seal of the identity level");
        }
    }
}
