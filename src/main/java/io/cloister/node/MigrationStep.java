package io.cloister.node;

import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema to the state that this release works with; a changed old migration stops the boot. */
@ApplicationScoped
public class MigrationStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(MigrationStep.class.getName());

    @Inject
    private DataSource pool;

    @Override
    public String name() {
        return BootStage.MIGRATION.name();
    }

    @Override
    public void run(BootContext context) {
        MigrateResult result = Flyway.configure(MigrationStep.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate();
        LOG.log(
                System.Logger.Level.INFO,
                "{0} migrations ran, the schema is at {1}",
                Integer.toString(result.migrationsExecuted),
                String.valueOf(result.targetSchemaVersion));
    }
}
