package io.cloister.vault.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.vault.Schema;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.VaultException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaWalkTest {
    private TestDatabase database;

    @BeforeEach
    void fresh() {
        database = TestDatabase.fresh();
    }

    private List<String> findings() throws SQLException {
        try (Connection connection = database.source().getConnection()) {
            return SchemaWalk.findings(connection, Schema.VAULT);
        }
    }

    @Test
    void acceptsTheDatabaseThatTheMigrationsMake() throws SQLException {
        assertThat(findings()).isEmpty();
        assertThat(database.value("SELECT count(*) FROM " + SchemaWalk.FLYWAY_HISTORY))
                .isNotEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ALTER TABLE vault_part ADD COLUMN note text                        | column vault_part.note is not declared
        CREATE TABLE leak (secret text)                                    | table leak is not declared
        CREATE TABLE nothing ()                                            | table nothing is not declared
        CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.vault_part (a int) | table elsewhere.vault_part is not declared
        CREATE VIEW shares AS SELECT share FROM vault_key_share            | shares is a view, not a table
        CREATE MATERIALIZED VIEW kept AS SELECT share FROM vault_key_share | kept is a materialized view, not a table
        CREATE SEQUENCE told                                               | told is a sequence, not a table
        CREATE TABLE unread (a int); ALTER TABLE unread OWNER TO pg_monitor | table unread is not declared
        ALTER TABLE vault_part DROP COLUMN part                            | column vault_part.part is missing
        DROP TABLE vault_key_share                                         | table vault_key_share is missing
        ALTER TABLE vault_part ALTER COLUMN generation TYPE text           | column vault_part.generation is text, declared as bigint
        ALTER TABLE vault_part ALTER COLUMN part DROP NOT NULL             | column vault_part.part may be null
        ALTER TABLE vault_part DROP CONSTRAINT vault_part_pkey             | table vault_part has the primary key [], declared as [owner]
        """)
    void findsEveryDifference(String change, String finding) throws SQLException {
        database.execute(change);
        assertThat(findings()).contains(finding);
        try (Connection connection = database.source().getConnection()) {
            assertThatThrownBy(() -> SchemaWalk.check(connection, Schema.VAULT))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining(finding);
        }
    }
}
