package io.cloister.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** Everything that can be read of databases without their nodes. */
final class DatabaseScan {
    private static final String TABLES =
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name), table_name"
                    + " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
                    + " AND table_schema NOT IN ('pg_catalog', 'information_schema')";

    private interface Content {
        byte[] read() throws IOException;
    }

    private record Source(String name, Content content) {}

    private final List<Source> sources = new ArrayList<>();
    private long bytes;

    /** Copies every table out, as text and in binary. */
    void copyOut(Connection connection) throws SQLException, IOException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        try (Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery(TABLES)) {
            while (tables.next()) {
                for (String format : List.of("text", "binary")) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    postgres.getCopyAPI()
                            .copyOut(
                                    "COPY (SELECT * FROM " + tables.getString(1) + ") TO STDOUT (FORMAT " + format
                                            + ")",
                                    out);
                    byte[] copy = out.toByteArray();
                    sources.add(new Source(tables.getString(2), () -> copy));
                }
            }
        }
    }

    /** All files of a data directory. */
    void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> sources.add(new Source(file.toString(), () -> Files.readAllBytes(file))));
        }
    }

    /** What was found, and where. */
    Set<String> find(Needles needles) throws IOException {
        Set<String> found = new TreeSet<>();
        bytes = 0;
        for (Source source : sources) {
            byte[] content = source.content().read();
            bytes += content.length;
            needles.in(content).forEach(what -> found.add(what + " in " + source.name()));
        }
        return found;
    }

    int size() {
        return sources.size();
    }

    /** How many bytes the last search has gone through. */
    long bytes() {
        return bytes;
    }
}
