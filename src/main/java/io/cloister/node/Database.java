package io.cloister.node;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import javax.sql.DataSource;

/** The node's pool of connections, for the persistence unit by name and for JDBC by injection. */
@DataSourceDefinition(
        name = "java:app/jdbc/cloister",
        className = "io.cloister.node.NodeDataSource",
        minPoolSize = 0,
        maxPoolSize = 16,
        maxIdleTime = 300,
        properties = {
            // The engine's and the runners' threads are not the server's.
            "fish.payara.allow-non-component-callers=true",
            "fish.payara.max-wait-time-in-millis=10000",
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=custom-validation",
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.PostgresConnectionValidation",
            "fish.payara.validate-atmost-once-period-in-seconds=30"
        })
@ApplicationScoped
public class Database {
    @Resource(lookup = "java:app/jdbc/cloister")
    private DataSource pool;

    @Produces
    DataSource pool() {
        return pool;
    }
}
