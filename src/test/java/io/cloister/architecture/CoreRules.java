package io.cloister.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Calendar;
import java.util.Date;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Cores take inputs and return effects: no framework, no adapter, no thread, no clock, no connection, no file.
 *
 * @param root the package of the tree that is judged
 */
record CoreRules(String root) {
    /** The packages with adapters; every other one is a core, a new one too until it is named here. */
    private static final String[] ADAPTERS = {
        "attestation.kds",
        "attestation.platform",
        "channel.grpc",
        "consensus.engine",
        "consensus.ingress",
        "consensus.store",
        "ledger.local",
        "mpc.node",
        "multichain.rpc",
        "bridge.runner",
        "vault",
        "api",
        "cli",
        "node",
        "client"
    };

    private static final String[] FRAMEWORKS = {
        "jakarta..",
        "org.hibernate..",
        "org.eclipse.microprofile..",
        "io.grpc..",
        "fish.payara..",
        "org.flywaydb..",
        "org.postgresql.."
    };

    private static final String[] CONNECTIONS = {
        "java.net..", "java.nio.channels..", "java.rmi..", "java.sql..", "javax.net..", "javax.sql.."
    };

    private GivenClassesConjunction noCore() {
        DescribedPredicate<JavaClass> adapter = resideInAnyPackage(adapters());
        return noClasses().that().resideInAPackage(root + "..").and(describe("are cores", t -> !adapter.test(t)));
    }

    private String[] adapters() {
        return Stream.of(ADAPTERS).map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    ArchRule seesNoFramework() {
        return noCore().should().dependOnClassesThat().resideInAnyPackage(FRAMEWORKS);
    }

    ArchRule usesNoAdapter() {
        return noCore().should().dependOnClassesThat().resideInAnyPackage(adapters());
    }

    ArchRule startsNoThread() {
        return noCore().should()
                .dependOnClassesThat(assignableTo(Thread.class)
                        .or(assignableTo(ThreadFactory.class))
                        .or(assignableTo(Executor.class))
                        .or(assignableTo(ForkJoinTask.class))
                        .or(belongToAnyOf(
                                Executors.class, ExecutorCompletionService.class, Timer.class, TimerTask.class)))
                .orShould()
                .accessTargetWhere(target(assignableTo(CompletableFuture.class), ".*Async"))
                .orShould()
                .accessTargetWhere(target(resideInAnyPackage("java.util.."), "parallel.*"))
                .orShould()
                .accessTargetWhere(target(assignableTo(TimeUnit.class), "sleep|timedJoin|timedWait"));
    }

    ArchRule readsNoClock() {
        return noCore().should()
                .dependOnClassesThat(assignableTo(Clock.class)
                        .or(assignableTo(InstantSource.class))
                        .or(assignableTo(Calendar.class)))
                .orShould()
                .accessTargetWhere(target(assignableTo(System.class), "currentTimeMillis|nanoTime"))
                .orShould()
                .accessTargetWhere(target(resideInAnyPackage("java.time.."), "now"))
                .orShould()
                .accessTargetWhere(target(assignableTo(Date.class), JavaConstructor.CONSTRUCTOR_NAME)
                        .and(describe("without a time", CoreRules::takesNothing)));
    }

    ArchRule opensNoConnection() {
        return noCore().should().dependOnClassesThat().resideInAnyPackage(CONNECTIONS);
    }

    /** The one exception copies a native library out of its jar, because only a file can be loaded. */
    ArchRule opensNoFileOrProcess() {
        return noCore().and(not(nameMatching(".*\\.crypto\\.NativeSecp256k1")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..")
                        .or(nameMatching("java\\.io\\.(File.*|RandomAccessFile)"))
                        .or(belongToAnyOf(Process.class, ProcessBuilder.class, Runtime.class)));
    }

    ArchRule commandLineIsFreeOfJakarta() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.hibernate..", "org.eclipse.microprofile..");
    }

    /** Calls and references of members with such a name, whatever subtype they are called on. */
    static DescribedPredicate<JavaAccess<?>> target(DescribedPredicate<JavaClass> owner, String name) {
        return describe(
                "target " + owner.getDescription() + " " + name,
                access -> owner.test(access.getTargetOwner())
                        && access.getTarget().getName().matches(name));
    }

    private static boolean takesNothing(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && target.getRawParameterTypes().isEmpty();
    }
}
