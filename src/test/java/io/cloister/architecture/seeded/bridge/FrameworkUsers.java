package io.cloister.architecture.seeded.bridge;

import fish.payara.micro.PayaraMicroRuntime;
import io.grpc.Channel;
import jakarta.persistence.EntityManager;
import org.eclipse.microprofile.config.Config;
import org.flywaydb.core.Flyway;
import org.hibernate.Session;
import org.postgresql.PGConnection;

/** Cores that see a framework. */
public final class FrameworkUsers {
    record OfJakarta(EntityManager manager) {}

    record OfHibernate(Session session) {}

    record OfMicroprofile(Config config) {}

    record OfGrpc(Channel channel) {}

    record OfServer(PayaraMicroRuntime server) {}

    record OfMigrations(Flyway flyway) {}

    record OfDriver(PGConnection connection) {}
}
