package io.cloister.node.steps;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import javax.sql.DataSource;

/** The pool for the vault's and the engine's own transactions, which must not end with one of the container. */
@DataSourceDefinition(
        name = "java:app/jdbc/cloister-plain",
        className = "io.cloister.node.NodeDataSource",
        transactional = false,
        minPoolSize = 0,
        maxPoolSize = 16,
        maxIdleTime = 300,
        properties = {
            "fish.payara.allow-non-component-callers=true",
            "fish.payara.max-wait-time-in-millis=10000",
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=custom-validation",
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.PostgresConnectionValidation",
            "fish.payara.validate-atmost-once-period-in-seconds=30"
        })
@ApplicationScoped
public class PlainDatabase {
    @Resource(lookup = "java:app/jdbc/cloister-plain")
    private DataSource pool;

    @Produces
    @PlainConnections
    DataSource pool() {
        return pool;
    }
}
