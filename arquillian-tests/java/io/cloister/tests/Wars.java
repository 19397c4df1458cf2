package io.cloister.tests;

import io.cloister.node.PlainHttpFilter;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR that the build has made, for deployment by Arquillian. */
public final class Wars {
    private Wars() {}

    /** The archive as it is. */
    public static WebArchive asBuilt() {
        return ShrinkWrap.create(ZipImporter.class, "cloister.war")
                .importFrom(Path.of(System.getProperty("cloister.target"), "cloister.war")
                        .toFile())
                .as(WebArchive.class);
    }

    /** The archive with test classes inside, without the filter that refuses Arquillian's calls over plain http. */
    public static WebArchive withTests(Class<?>... tests) {
        WebArchive war = asBuilt();
        war.delete("WEB-INF/classes/" + PlainHttpFilter.class.getName().replace('.', '/') + ".class");
        return war.addClasses(tests).addAsLibraries(libraryOf(org.assertj.core.api.Assertions.class));
    }

    private static File libraryOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toFile();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
