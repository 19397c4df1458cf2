package io.cloister.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** Cores take inputs and return effects: no framework, no thread, no clock, no connection. */
class CoreTest {
    /** The packages with adapters; every other one is a core, a new one too until it is named here. */
    private static final String[] ADAPTERS = {
        "io.cloister.attestation",
        "io.cloister.attestation.kds..",
        "io.cloister.attestation.platform..",
        "io.cloister.channel",
        "io.cloister.channel.grpc..",
        "io.cloister.consensus.engine..",
        "io.cloister.consensus.store..",
        "io.cloister.mpc.node..",
        "io.cloister.multichain.rpc..",
        "io.cloister.bridge.runner..",
        "io.cloister.vault..",
        "io.cloister.api..",
        "io.cloister.cli..",
        "io.cloister.node..",
        "io.cloister.client.."
    };

    private static final String[] FRAMEWORKS = {
        "jakarta..", "org.hibernate..", "org.eclipse.microprofile..", "io.grpc..", "fish.payara..", "org.flywaydb.."
    };

    private static final DescribedPredicate<JavaClass> CORE =
            describe("are cores", type -> !resideInAnyPackage(ADAPTERS).test(type));

    @Test
    void coreSeesNoFramework() {
        DirectionTest.check(
                noClasses().that(CORE).should().dependOnClassesThat().resideInAnyPackage(FRAMEWORKS));
    }

    @Test
    void coreStartsNoThread() {
        DirectionTest.check(noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class, ThreadFactory.class, ExecutorService.class, Executors.class, ForkJoinPool.class));
    }

    @Test
    void coreReadsNoClock() {
        DirectionTest.check(
                noClasses().that(CORE).should().dependOnClassesThat().belongToAnyOf(Clock.class));
        DirectionTest.check(noClasses()
                .that(CORE)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now"));
    }

    @Test
    void coreOpensNoConnection() {
        DirectionTest.check(noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net.http..", "java.sql..", "javax.sql..", "javax.net..", "java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket"));
    }

    @Test
    void commandLineIsFreeOfJakarta() {
        DirectionTest.check(noClasses()
                .that()
                .resideInAPackage("io.cloister.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.hibernate..", "org.eclipse.microprofile.."));
    }
}
