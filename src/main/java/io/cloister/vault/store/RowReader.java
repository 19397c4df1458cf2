package io.cloister.vault.store;

import io.cloister.vault.ColumnSpec;
import io.cloister.vault.TableSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the current row of a result that has a table's declared columns and then the common ones. */
final class RowReader {
    private RowReader() {}

    static List<Object> values(ResultSet rows, TableSpec table) throws SQLException {
        List<Object> values = new ArrayList<>(table.columns().size() + TableSpec.COMMON.size());
        int index = 1;
        for (ColumnSpec column : table.columns()) {
            values.add(TableSql.read(rows, index++, column.type()));
        }
        for (ColumnSpec column : TableSpec.COMMON) {
            values.add(TableSql.read(rows, index++, column.type()));
        }
        return values;
    }
}
