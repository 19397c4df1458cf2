package io.cloister.node.steps;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema to what this release works with: the identity's tables first, the rest once the state is open. */
final class Migrations {
    /** The vault's own tables are in the migrations up to this number; the mark allows that the last of them is lower. */
    private static final String IDENTITY = "9?";

    private Migrations() {}

    static MigrateResult identity(DataSource connections) {
        return configure(connections).target(IDENTITY).load().migrate();
    }

    static MigrateResult all(DataSource connections) {
        return configure(connections).load().migrate();
    }

    private static FluentConfiguration configure(DataSource connections) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(connections)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true);
    }
}
