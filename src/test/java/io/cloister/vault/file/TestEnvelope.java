package io.cloister.vault.file;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.vault.Cell;
import io.cloister.vault.Envelope;
import io.cloister.vault.Row;
import io.cloister.vault.TamperedException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** An envelope under a key of its own, as long as the vault's. Nonces are counted, so that runs can be repeated. */
public final class TestEnvelope implements Envelope {
    private static final int HEAD = 17;

    private final Bytes key;
    private final AtomicLong nonces = new AtomicLong();

    public TestEnvelope(int key) {
        this.key = Hashes.sha256(Bytes.utf8("key " + key));
    }

    @Override
    public Bytes seal(Cell cell, Bytes plaintext) {
        Bytes nonce =
                Hashes.sha256(Bytes.utf8("nonce " + nonces.incrementAndGet())).slice(0, 12);
        Bytes head = new Writer().u8(1).u32(1).fixed(nonce).toBytes();
        return Bytes.concat(head, cipher(Cipher.ENCRYPT_MODE, cell, nonce, plaintext));
    }

    @Override
    public Bytes open(Cell cell, Bytes sealed) {
        try {
            return cipher(Cipher.DECRYPT_MODE, cell, sealed.slice(5, 12), sealed.slice(HEAD, sealed.length() - HEAD));
        } catch (RuntimeException e) {
            throw TamperedException.changed(cell, "does not open");
        }
    }

    private Bytes cipher(int mode, Cell cell, Bytes nonce, Bytes text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key.toArray(), "AES"), new GCMParameterSpec(128, nonce.toArray()));
            cipher.updateAAD(place(cell.row()).string(cell.column()).toBytes().toArray());
            return Bytes.wrap(cipher.doFinal(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Bytes tag(Row row, Bytes publicColumns) {
        Bytes keyed = place(row).fixed(key).bytes(publicColumns).toBytes();
        return new Writer().u32(1).fixed(Hashes.sha256(keyed)).toBytes();
    }

    @Override
    public void check(Row row, Bytes publicColumns, Bytes tag) {
        if (!tag(row, publicColumns).equals(tag)) {
            throw TamperedException.changed(row, "another tag");
        }
    }

    private static Writer place(Row row) {
        return new Writer().string(row.table()).bytes(row.key()).u64(row.version());
    }
}
