package io.cloister.vault.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.prf.Prf;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.vault.Cell;
import io.cloister.vault.Envelope;
import io.cloister.vault.Row;
import io.cloister.vault.Scope;
import io.cloister.vault.TamperedException;
import io.cloister.vault.VaultException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The envelope of one level on Tink keysets. The id of a Tink key is its key epoch, so Tink's own five-byte prefix says
 * which key a ciphertext needs.
 */
final class TinkEnvelope implements Envelope {
    /** A tag: four bytes of key epoch, 32 of PRF output. */
    static final int TAG = 36;

    private static final int PRF_BYTES = 32;
    private static final int PREFIX = 5;
    private static final byte TINK_VERSION = 1;

    /** Primitives over all key epochs; {@code epoch} is the one that new values get. */
    record Keys(int epoch, Aead aead, Map<Integer, Prf> prfs) {}

    private final Scope scope;
    private volatile Optional<Keys> keys;

    TinkEnvelope(Scope scope, Keys keys) {
        this.scope = scope;
        this.keys = Optional.of(keys);
    }

    int epoch() {
        return keys().epoch();
    }

    void replace(Keys newKeys) {
        keys = Optional.of(newKeys);
    }

    void close() {
        keys = Optional.empty();
    }

    private Keys keys() {
        return keys.orElseThrow(() -> new VaultException("level " + scope.level() + " is closed"));
    }

    @Override
    public Bytes seal(Cell cell, Bytes plaintext) {
        byte[] copy = plaintext.toArray();
        try {
            return sealArray(cell, copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** As {@link #seal}, without a copy of the secret. */
    Bytes sealArray(Cell cell, byte[] plaintext) {
        Keys current = keys();
        byte[] bound = scope.ofCell(cell, current.epoch()).toArray();
        try {
            return Bytes.wrap(current.aead().encrypt(plaintext, bound));
        } catch (GeneralSecurityException e) {
            throw new VaultException("sealing " + cell + " failed", e);
        }
    }

    @Override
    public Bytes open(Cell cell, Bytes sealed) {
        return Bytes.wrap(openArray(cell, sealed));
    }

    /** As {@link #open}; the caller may zero the array. */
    byte[] openArray(Cell cell, Bytes sealed) {
        Keys current = keys();
        int epoch = epochOf(sealed).filter(current.prfs()::containsKey).orElseThrow(() -> refuse(cell));
        byte[] bound = scope.ofCell(cell, epoch).toArray();
        try {
            return current.aead().decrypt(sealed.toArray(), bound);
        } catch (GeneralSecurityException e) {
            throw refuse(cell);
        }
    }

    @Override
    public Bytes tag(Row row, Bytes publicColumns) {
        Keys current = keys();
        return tag(current, current.epoch(), row, publicColumns);
    }

    @Override
    public void check(Row row, Bytes publicColumns, Bytes tag) {
        Keys current = keys();
        int epoch = epoch(current, row, tag);
        byte[] expected = tag(current, epoch, row, publicColumns).toArray();
        if (!MessageDigest.isEqual(expected, tag.toArray())) {
            throw TamperedException.changed(row, "key, version, a column or the tag was changed");
        }
    }

    /** A row's summand in its table's digest, 32 bytes that nobody without the key can compute. */
    Bytes element(Row row, Bytes tag) {
        Keys current = keys();
        int epoch = epoch(current, row, tag);
        return prf(current, epoch, scope.ofElement(row, epoch, tag));
    }

    /** The key epoch that a well-formed tag names. */
    static int epochOfTag(Bytes tag) {
        return tag.buffer().getInt();
    }

    private static int epoch(Keys current, Row row, Bytes tag) {
        if (tag.length() != TAG || !current.prfs().containsKey(epochOfTag(tag))) {
            throw TamperedException.changed(new Cell(row, "tag"), "the tag is not one of this node's");
        }
        return epochOfTag(tag);
    }

    private Bytes tag(Keys current, int epoch, Row row, Bytes publicColumns) {
        Bytes output = prf(current, epoch, scope.ofRow(row, epoch, publicColumns));
        return new Writer().u32(epoch).fixed(output).toBytes();
    }

    private static Bytes prf(Keys current, int epoch, Bytes input) {
        Prf prf = Optional.ofNullable(current.prfs().get(epoch)).orElseThrow();
        try {
            return Bytes.wrap(prf.compute(input.toArray(), PRF_BYTES));
        } catch (GeneralSecurityException e) {
            throw new VaultException("the PRF failed", e);
        }
    }

    private static Optional<Integer> epochOf(Bytes sealed) {
        if (sealed.length() < PREFIX || sealed.at(0) != TINK_VERSION) {
            return Optional.empty();
        }
        return Optional.of(sealed.buffer().getInt(1));
    }

    private static TamperedException refuse(Cell cell) {
        return TamperedException.changed(cell, "was not sealed for this place and version by this node");
    }
}
