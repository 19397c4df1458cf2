package io.cloister.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.cloister.architecture.CoreRules.target;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Console;
import java.io.FileDescriptor;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/**
 * Habits that hold in every context.
 *
 * @param root the package of the tree that is judged
 */
record HouseRules(String root) {
    ArchRule onlyTheCommandLineWritesToTheTerminal() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .accessTargetWhere(target(assignableTo(System.class), "out|err|console"))
                .orShould()
                .accessTargetWhere(target(assignableTo(FileDescriptor.class), "out|err"))
                .orShould()
                .accessTargetWhere(target(assignableTo(Throwable.class), "printStackTrace"))
                .orShould()
                .accessTargetWhere(target(assignableTo(Thread.class), "dumpStack"))
                .orShould()
                .dependOnClassesThat(assignableTo(Console.class).or(assignableTo(IO.class)));
    }

    /** Names of the packages whose classes the compiler does not check for null. */
    TreeSet<String> packagesWithoutNullMarks(JavaClasses all) {
        TreeSet<String> without = new TreeSet<>();
        all.forEach(type -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                without.add(type.getPackageName());
            }
        });
        return without;
    }

    /** Whether the text of a package-info begins by saying what the package owns. */
    static boolean saysWhatItOwns(List<String> packageInfo) {
        return packageInfo.size() > 3 && packageInfo.getFirst().equals("/**");
    }
}
