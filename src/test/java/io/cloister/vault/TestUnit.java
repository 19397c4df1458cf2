package io.cloister.vault;

import io.cloister.vault.hibernate.VaultIntegrator;
import io.cloister.vault.identity.VaultEntities;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.SharedCacheMode;
import jakarta.persistence.ValidationMode;
import jakarta.persistence.spi.ClassTransformer;
import jakarta.persistence.spi.PersistenceUnitInfo;
import jakarta.persistence.spi.PersistenceUnitTransactionType;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/** A RESOURCE_LOCAL persistence unit made by Hibernate's own provider, which notes every statement it sends. */
public final class TestUnit implements AutoCloseable {
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final CurrentDataSource current;
    private final EntityManagerFactory factory;

    private TestUnit(DataSource source, Properties properties, List<Class<?>> entities) {
        current = new CurrentDataSource(source);
        Properties all = new Properties();
        all.put("hibernate.session_factory.statement_inspector", (StatementInspector) sql -> {
            statements.add(sql);
            return sql;
        });
        all.putAll(properties);
        factory = new HibernatePersistenceProvider()
                .createContainerEntityManagerFactory(new Info(current, all, entities), Map.of());
    }

    /** With the vault's entities and others, as the node's unit is. */
    public static TestUnit with(DataSource source, Class<?>... more) {
        Properties properties = new Properties();
        properties.put("hibernate.integrator_provider", VaultIntegrator.class.getName());
        return new TestUnit(
                source,
                properties,
                Stream.concat(VaultEntities.CLASSES.stream(), Stream.of(more)).toList());
    }

    /** One that somebody forgot to give the integrator. */
    public static TestUnit withoutIntegrator(DataSource source) {
        return new TestUnit(source, new Properties(), VaultEntities.CLASSES);
    }

    /** Turns the unit, which is slow to make, to another database with the same tables. */
    public void turnTo(TestDatabase database) {
        current.turnTo(database.source());
        statements.clear();
    }

    public EntityManagerFactory factory() {
        return factory;
    }

    /** What was sent since the last call. */
    public List<String> statements() {
        List<String> sent = List.copyOf(statements);
        statements.clear();
        return sent;
    }

    @Override
    public void close() {
        factory.close();
    }

    private record Info(DataSource source, Properties properties, List<Class<?>> entities)
            implements PersistenceUnitInfo {
        @Override
        public String getPersistenceUnitName() {
            return "vault-test";
        }

        @Override
        public String getPersistenceProviderClassName() {
            return HibernatePersistenceProvider.class.getName();
        }

        @Override
        public PersistenceUnitTransactionType getTransactionType() {
            return PersistenceUnitTransactionType.RESOURCE_LOCAL;
        }

        @Override
        public @Nullable DataSource getJtaDataSource() {
            return null;
        }

        @Override
        public DataSource getNonJtaDataSource() {
            return source;
        }

        @Override
        public List<String> getMappingFileNames() {
            return List.of();
        }

        @Override
        public List<URL> getJarFileUrls() {
            return List.of();
        }

        @Override
        public @Nullable URL getPersistenceUnitRootUrl() {
            return null;
        }

        @Override
        public List<String> getManagedClassNames() {
            return entities.stream().map(Class::getName).toList();
        }

        @Override
        public boolean excludeUnlistedClasses() {
            return true;
        }

        @Override
        public SharedCacheMode getSharedCacheMode() {
            return SharedCacheMode.NONE;
        }

        @Override
        public ValidationMode getValidationMode() {
            return ValidationMode.NONE;
        }

        @Override
        public Properties getProperties() {
            return properties;
        }

        @Override
        public String getPersistenceXMLSchemaVersion() {
            return "3.0";
        }

        @Override
        public ClassLoader getClassLoader() {
            return Thread.currentThread().getContextClassLoader();
        }

        @Override
        public void addTransformer(ClassTransformer transformer) {
            // Entities are plain classes here, without enhancement at run time.
        }

        @Override
        public ClassLoader getNewTempClassLoader() {
            return getClassLoader();
        }
    }
}
