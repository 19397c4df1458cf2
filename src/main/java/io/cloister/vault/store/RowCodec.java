package io.cloister.vault.store;

import io.cloister.codec.Bytes;
import io.cloister.vault.Cell;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.ColumnSpec.Protection;
import io.cloister.vault.Row;
import io.cloister.vault.TableSpec;
import io.cloister.vault.TamperedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns the values of one row into what is stored, and back. Used by JDBC and by the Hibernate listener alike. */
public final class RowCodec {
    private static final int COMMON = TableSpec.COMMON.size();

    private final TableSpec table;
    private final TinkEnvelope envelope;

    RowCodec(TableSpec table, TinkEnvelope envelope) {
        this.table = table;
        this.envelope = envelope;
    }

    /**
     * A row as it is stored.
     *
     * @param values the declared columns, sealed ones as ciphertext, then version, key epoch and tag
     */
    public record Stored(Row row, List<Object> values) {
        public Bytes tag() {
            return (Bytes) values.getLast();
        }

        private List<Object> declared() {
            return values.subList(0, values.size() - COMMON);
        }

        public int keyEpoch() {
            return (int) values.get(values.size() - 2);
        }
    }

    /**
     * Seals and tags the plain values of the declared columns. What is to be sealed comes as {@link Bytes} or, so that
     * the caller can zero it afterwards, as {@code byte[]}.
     */
    public Stored seal(List<?> plain, long version) {
        Row row = new Row(table.name(), keyOf(plain), version);
        List<Object> values = new ArrayList<>(plain.size() + COMMON);
        for (int i = 0; i < plain.size(); i++) {
            ColumnSpec column = table.columns().get(i);
            Object value = plain.get(i);
            values.add(column.sealed() ? sealed(new Cell(row, column.name()), value) : value);
        }
        return tagged(row, values);
    }

    /** Adds version, key epoch and tag to the values of a row whose sealed columns are sealed already. */
    Stored tagged(Row row, List<Object> sealed) {
        Bytes tag = envelope.tag(row, table.publicColumns(sealed));
        List<Object> values = new ArrayList<>(sealed);
        values.add(row.version());
        values.add(TinkEnvelope.epochOfTag(tag));
        values.add(tag);
        return new Stored(row, values);
    }

    /** Puts the values of a fetched row, in the order of {@link Stored#values}, together. */
    public Stored stored(List<Object> values) {
        long version = (long) values.get(values.size() - COMMON);
        if (version < 0) {
            throw TamperedException.changed(new Row(table.name(), keyOf(values), 0), "the version is negative");
        }
        return new Stored(new Row(table.name(), keyOf(values), version), values);
    }

    /** Checks and opens a row; the plain values of the declared columns. */
    public List<Object> open(Stored stored) {
        return open(stored, Bytes::wrap);
    }

    /** As {@link #open}, with what was sealed as {@code byte[]} that the caller can zero. */
    public List<Object> openArrays(Stored stored) {
        return open(stored, plaintext -> plaintext);
    }

    private List<Object> open(Stored stored, Function<byte[], Object> shape) {
        checkTag(stored);
        List<Object> plain = new ArrayList<>(table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnSpec column = table.columns().get(i);
            Object value = stored.values().get(i);
            Cell cell = new Cell(stored.row(), column.name());
            plain.add(column.sealed() ? shape.apply(envelope.openArray(cell, (Bytes) value)) : value);
        }
        return plain;
    }

    private Bytes sealed(Cell cell, Object plaintext) {
        return plaintext instanceof byte[] secret
                ? envelope.sealArray(cell, secret)
                : envelope.seal(cell, (Bytes) plaintext);
    }

    /** The key epoch that new values get. */
    int epoch() {
        return envelope.epoch();
    }

    /** The row's summand in its table's digest. */
    public Bytes element(Stored stored) {
        return element(stored.row(), stored.tag());
    }

    /** The summand of a row of which no more than its tag is at hand. */
    public Bytes element(Row row, Bytes tag) {
        return envelope.element(row, tag);
    }

    private void checkTag(Stored stored) {
        Row row = stored.row();
        Bytes tag = stored.tag();
        if (tag.length() == TinkEnvelope.TAG && TinkEnvelope.epochOfTag(tag) != stored.keyEpoch()) {
            throw TamperedException.changed(new Cell(row, "key_epoch"), "does not agree with the tag");
        }
        try {
            envelope.check(row, table.publicColumns(stored.declared()), tag);
        } catch (TamperedException e) {
            throw singleSealedCulprit(stored).orElse(e);
        }
    }

    /** When some sealed columns of a refused row open and exactly one does not, that one was changed. */
    private Optional<TamperedException> singleSealedCulprit(Stored stored) {
        List<TamperedException> refused = new ArrayList<>();
        int opened = 0;
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnSpec column = table.columns().get(i);
            if (column.sealed()) {
                try {
                    envelope.open(new Cell(stored.row(), column.name()), (Bytes)
                            stored.values().get(i));
                    opened++;
                } catch (TamperedException e) {
                    refused.add(e);
                }
            }
        }
        return opened > 0 && refused.size() == 1 ? Optional.of(refused.getFirst()) : Optional.empty();
    }

    private Bytes keyOf(List<?> values) {
        List<Object> key = new ArrayList<>(1);
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).protection() == Protection.KEY) {
                key.add(values.get(i));
            }
        }
        return table.key(key);
    }
}
