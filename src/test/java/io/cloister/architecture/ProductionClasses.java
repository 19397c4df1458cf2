package io.cloister.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.regex.Pattern;

/** The classes of the project, without its tests and without the generated client. */
final class ProductionClasses {
    private static final Pattern NOT_OURS = Pattern.compile("/(test-classes|\\.jt/test)/|/io/cloister/client/|\\.jar!");

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(
                    location -> !NOT_OURS.matcher(location.asURI().toString()).find())
            .importPackages("io.cloister");

    private ProductionClasses() {}
}
