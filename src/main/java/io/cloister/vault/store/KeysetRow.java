package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.Cell;
import io.cloister.vault.Level;
import io.cloister.vault.Row;
import io.cloister.vault.Schema;
import io.cloister.vault.SealException;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.TamperedException;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A level's wrapped keysets as they stand in the database. All clear columns are associated data of both ciphertexts;
 * the tag is derived from the key-encryption key alone and tells a wrong key from a changed row.
 */
record KeysetRow(
        Level level,
        long version,
        int keyEpoch,
        Bytes tag,
        Bytes vaultId,
        SealMetadata metadata,
        Keysets.Wrapped wrapped) {
    private static final String LABEL = "cloister/vault-keyset/v1";
    private static final String KEK_TAG = "cloister/vault-kek-tag/v1";

    /** Wraps keysets into a new version of the level's row. */
    static KeysetRow of(
            String deployment,
            Level level,
            long version,
            Bytes vaultId,
            SealMetadata metadata,
            Keysets keysets,
            SecretBytes kek) {
        KeysetRow blank = new KeysetRow(
                level,
                version,
                keysets.epoch(),
                kekTag(kek),
                vaultId,
                metadata,
                new Keysets.Wrapped(Bytes.EMPTY, Bytes.EMPTY));
        Keysets.Wrapped wrapped = keysets.wrap(kek, blank.bound(deployment, "aead"), blank.bound(deployment, "prf"));
        return new KeysetRow(level, version, keysets.epoch(), blank.tag, vaultId, metadata, wrapped);
    }

    /**
     * Opens the keysets.
     *
     * @throws SealException when the key is another one
     * @throws TamperedException when the key is the right one and the row was changed
     */
    Keysets open(String deployment, SecretBytes kek) {
        boolean rightKey = hasTagOf(kek);
        Optional<Keysets> opened = unwrap(deployment, kek);
        if (opened.isPresent() && !rightKey) {
            throw TamperedException.changed(new Cell(row(), "tag"), "was changed");
        }
        if (opened.isEmpty() && rightKey) {
            throw TamperedException.changed(row(), "a column was changed");
        }
        return opened.filter(it -> it.epoch() == keyEpoch).orElseThrow(this::wrongKey);
    }

    /** Whether this is the right key, though one of tag and keysets may have been changed. */
    boolean isWrappedUnder(String deployment, SecretBytes kek) {
        return hasTagOf(kek) || unwrap(deployment, kek).isPresent();
    }

    private boolean hasTagOf(SecretBytes kek) {
        return MessageDigest.isEqual(kekTag(kek).toArray(), tag.toArray());
    }

    private Optional<Keysets> unwrap(String deployment, SecretBytes kek) {
        return Keysets.unwrap(kek, wrapped, bound(deployment, "aead"), bound(deployment, "prf"));
    }

    Row row() {
        return new Row(Schema.KEYSET.name(), Bytes.utf8(level.name()), version);
    }

    SealException wrongKey() {
        String where = "table " + Schema.KEYSET.name() + ", row " + level + ": ";
        return switch (level) {
            case IDENTITY ->
                new SealException(
                        SealException.Reason.WRONG_LOCAL_SEAL,
                        where + "does not open under this local seal (other machine, measurement, policy or TCB)");
            case STATE ->
                new SealException(
                        SealException.Reason.WRONG_PEERS_PART, where + "does not open under this part of the peers");
        };
    }

    private Bytes bound(String deployment, String column) {
        return new Writer()
                .string(LABEL)
                .string(deployment)
                .u8(level.code())
                .string(column)
                .u64(version)
                .u32(keyEpoch)
                .bytes(vaultId)
                .bytes(metadata.measurement())
                .bytes(metadata.policy())
                .bytes(metadata.tcb())
                .toBytes();
    }

    private static Bytes kekTag(SecretBytes kek) {
        try (SecretBytes derived = kek.hkdf(KEK_TAG, 32)) {
            return derived.use(Bytes::of);
        }
    }
}
