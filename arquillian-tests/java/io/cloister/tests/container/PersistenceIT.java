package io.cloister.tests.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.steps.NodeSchema;
import io.cloister.node.steps.PlainConnections;
import io.cloister.tests.Wars;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.VaultException;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.PartStore;
import io.cloister.vault.store.Vault;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.Session;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ArquillianTest
class PersistenceIT {
    private static final String PLAIN = "the part of a peer, 32 bytes....";
    private static final Bytes OWNER = Bytes.concat(Bytes.of((byte) 2), Bytes.zeros(32));

    @Inject
    private UserTransaction transaction;

    @Inject
    private DataSource pool;

    @Inject
    @PlainConnections
    private DataSource connections;

    @PersistenceUnit(unitName = "cloister")
    private EntityManagerFactory entities;

    @Deployment
    static WebArchive war() {
        return Wars.withTests(PersistenceIT.class);
    }

    @BeforeEach
    void migrate() {
        Flyway.configure(PersistenceIT.class.getClassLoader())
                .dataSource(connections)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @AfterEach
    void detach() {
        HibernateVault.detach(entities);
    }

    private Vault open() {
        try (SecretBytes seal =
                SecretBytes.taking("the same seal for all of them...".getBytes(StandardCharsets.US_ASCII))) {
            SealMetadata metadata = new SealMetadata(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
            return Vault.open("persistence-test", NodeSchema.ALL, connections, seal, metadata);
        }
    }

    private static SecretBytes plain() {
        return SecretBytes.taking(PLAIN.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void refusesEntitiesBeforeTheVaultIsAttached() {
        try (Vault vault = open();
                SecretBytes part = plain()) {
            PartStore parts = new PartStore(vault, Transactions.jta(entities, transaction));

            assertThatThrownBy(() -> parts.keep(OWNER, 1, part)).isInstanceOf(VaultException.class);
        }
    }

    @Test
    void sealsEntitiesInTheServersTransactions() throws Exception {
        try (Vault vault = open();
                Connection connection = connections.getConnection();
                SecretBytes part = plain()) {
            HibernateVault.attach(entities, vault);
            PartStore parts = new PartStore(vault, Transactions.jta(entities, transaction));

            parts.keep(OWNER, 1, part);

            try (PartStore.Kept kept = parts.find(OWNER).orElseThrow()) {
                assertThat(kept.part().use(Bytes::of)).isEqualTo(Bytes.utf8(PLAIN));
            }
            ResultSet row = connection.createStatement().executeQuery("select part from vault_part");
            assertThat(row.next()).isTrue();
            assertThat(new String(row.getBytes(1), StandardCharsets.ISO_8859_1)).doesNotContain(PLAIN);
        }
    }

    @Test
    void refusesToNestInATransactionThatRunsAlready() throws Exception {
        Bytes nested = Bytes.concat(Bytes.of((byte) 3), Bytes.zeros(32));
        try (Vault vault = open();
                SecretBytes part = plain()) {
            HibernateVault.attach(entities, vault);
            PartStore parts = new PartStore(vault, Transactions.jta(entities, transaction));
            transaction.begin();
            try {
                assertThatThrownBy(() -> parts.keep(nested, 1, part)).isInstanceOf(IllegalStateException.class);
            } finally {
                transaction.rollback();
            }

            assertThat(parts.find(nested)).isEmpty();
        }
    }

    @Test
    void givesConnectionsToThreadsThatAreNotTheServers() throws Exception {
        Callable<String> work = () -> {
            try (Connection connection = pool.getConnection();
                    ResultSet row = connection.createStatement().executeQuery("show application_name")) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.submit(work).get()).isEqualTo("cloister");
        }
    }

    @Test
    void runsOnTheLibrariesThatTheBuildNames() {
        assertThat(new ObjectMapper().version().toString()).isEqualTo("2.20.0");
        assertThat(Session.class.getPackage().getImplementationVersion()).isEqualTo("6.6.56.Final");
    }
}
