package io.cloister.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.cloister.codec.Bytes;

/** The classes of the project, without its tests and without the generated client. */
final class ProductionClasses {
    static final String ROOT = "io.cloister";

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/io/cloister/client/"))
            .importUrl(Bytes.class.getProtectionDomain().getCodeSource().getLocation());

    private ProductionClasses() {}
}
