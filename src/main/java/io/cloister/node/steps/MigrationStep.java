package io.cloister.node.steps;

import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.vault.Level;
import io.cloister.vault.store.SchemaWalk;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema up, refuses any column that nobody has declared, and takes new tables into the registry. */
@ApplicationScoped
public class MigrationStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(MigrationStep.class.getName());

    @Inject
    @PlainConnections
    private DataSource connections;

    @Override
    public String name() {
        return BootStage.MIGRATION.name();
    }

    @Override
    public void run(BootContext context) {
        MigrateResult result = Migrations.all(connections);
        LOG.log(
                System.Logger.Level.INFO,
                "{0} migrations ran, {1}",
                Integer.toString(result.migrationsExecuted),
                result.migrationsExecuted == 0
                        ? "the schema is as it was"
                        : "the schema is at " + result.targetSchemaVersion);
        Vault vault = context.get(Vault.class);
        vault.inSnapshot(connection -> {
            SchemaWalk.check(connection, NodeSchema.ALL);
            return result;
        });
        vault.enrol(Level.STATE);
    }
}
