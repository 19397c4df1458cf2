package io.cloister.tests.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.tests.Wars;
import jakarta.inject.Inject;
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
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ArquillianTest
class PersistenceIT {
    private static final String UNIT = "WEB-INF/classes/META-INF/persistence.xml";

    @Inject
    private Notes notes;

    @Inject
    private DataSource pool;

    @Deployment
    static WebArchive war() throws Exception {
        WebArchive war = Wars.withTests(PersistenceIT.class, Note.class, Notes.class);
        String unit = new String(war.get(UNIT).getAsset().openStream().readAllBytes(), "UTF-8");
        war.delete(UNIT);
        return war.add(
                        new StringAsset(unit.replace(
                                "<exclude-unlisted-classes>",
                                "<class>" + Note.class.getName() + "</class><exclude-unlisted-classes>")),
                        UNIT)
                .add(
                        new StringAsset("create table test_note (id bigint primary key, text text not null);"),
                        "WEB-INF/classes/db/migration/V9000__test_note.sql");
    }

    @BeforeEach
    void migrate() {
        Flyway.configure(PersistenceIT.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @Test
    void writesAndReadsEntitiesAfterTheMigration() {
        notes.add(1, "kept", false);

        assertThat(notes.text(1)).hasValue("kept");
    }

    @Test
    void rollsTheServersTransactionBack() {
        assertThatThrownBy(() -> notes.add(2, "dropped", true)).isInstanceOf(IllegalStateException.class);

        assertThat(notes.text(2)).isEmpty();
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
