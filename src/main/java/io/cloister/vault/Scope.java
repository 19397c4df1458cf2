package io.cloister.vault;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;

/**
 * What is the same for all rows of a level, and the bytes that bind a value to its place. All variable parts are
 * length-prefixed, so that no two places give the same bytes.
 *
 * @param deployment the chain id
 * @param node at {@link Level#STATE} the node id (33 bytes); at {@link Level#IDENTITY}, where the node id itself lies
 *     sealed, the random id that the vault drew when it was made (32 bytes)
 */
public record Scope(String deployment, Bytes node, Level level) {
    private static final Bytes CELL = Bytes.utf8("cloister/vault-cell/v1");
    private static final Bytes ROW = Bytes.utf8("cloister/vault-row/v1");
    private static final Bytes ELEMENT = Bytes.utf8("cloister/vault-element/v1");

    /** Associated data of a sealed cell. */
    public Bytes ofCell(Cell cell, int keyEpoch) {
        return place(CELL, cell.row(), keyEpoch).string(cell.column()).toBytes();
    }

    /** What a row's tag is computed over. */
    public Bytes ofRow(Row row, int keyEpoch, Bytes publicColumns) {
        return place(ROW, row, keyEpoch).bytes(publicColumns).toBytes();
    }

    /** What a row's share in its table's sum is computed over. */
    public Bytes ofElement(Row row, int keyEpoch, Bytes tag) {
        return place(ELEMENT, row, keyEpoch).bytes(tag).toBytes();
    }

    private Writer place(Bytes label, Row row, int keyEpoch) {
        return new Writer()
                .bytes(label)
                .string(deployment)
                .bytes(node)
                .u8(level.code())
                .string(row.table())
                .bytes(row.key())
                .u64(row.version())
                .u32(keyEpoch);
    }
}
