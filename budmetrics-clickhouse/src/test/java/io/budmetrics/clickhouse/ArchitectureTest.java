package io.budmetrics.clickhouse;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.budmetrics.architecture.SourceLengths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the module's packages may know of each other and of the libraries around them. */
class ArchitectureTest {
    private static final String BASE = "io.budmetrics.clickhouse";

    /** A package may import only those before it; the root stands last. */
    private static final List<String> ORDER = List.of(
            BASE + ".embedded..",
            BASE + ".junit..",
            BASE + ".internal..",
            BASE + ".migrate..",
            BASE + ".ingest..",
            BASE + ".synthetic..",
            BASE);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeArchives())
            .importPackages(BASE);

    @Test
    void theTestSeesTheModule() {
        assertThat(CLASSES.contain(BASE + ".BudMetrics")).isTrue();
        assertThat(CLASSES.contain(BASE + ".embedded.EngineMain")).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class.getName())).isFalse();
    }

    @Test
    void aPackageImportsOnlyPackagesAboveIt() {
        for (int position = 0; position + 1 < ORDER.size(); position++) {
            noClasses()
                    .that()
                    .resideInAPackage(ORDER.get(position))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            ORDER.subList(position + 1, ORDER.size()).toArray(String[]::new))
                    .check(CLASSES);
        }
    }

    @Test
    void theDecoderKnowsNoOtherPackageOfTheModule() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".internal.decode..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(BASE + "..").and(not(resideInAPackage(BASE + ".internal.decode.."))))
                .check(CLASSES);
    }

    @Test
    void noFileIsLong() throws IOException {
        assertThat(SourceLengths.filesOver(Path.of("src", "main", "java"), 500)).isEmpty();
    }

    @Test
    void noMethodIsLong() throws IOException {
        assertThat(SourceLengths.methodsOver(Path.of("src", "main", "java"), 60))
                .isEmpty();
    }

    @Test
    void noPublicConstructorHasManyParameters() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.getPackageName().startsWith(BASE + ".internal"))
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC)
                                && constructor.getRawParameterTypes().size() > 7)
                        .map(JavaConstructor::getFullName))
                .isEmpty();
    }

    @Test
    void nothingNeedsTheEmbeddedEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + ".embedded..", BASE + ".junit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + ".embedded..", "com.sun.jna..", "com.sun.net.httpserver..", "net.jpountz..")
                .because("JNA is an optional dependency, and an application without it must work")
                .check(CLASSES);
    }

    @Test
    void nothingNeedsTheJUnitExtension() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".junit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + ".junit..", "org.junit..", "org.testcontainers..")
                .because("JUnit and Testcontainers are optional dependencies, and an application has neither")
                .check(CLASSES);
    }

    @Test
    void theEngineIsAPlainClickHouse() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.budmetrics",
                        "io.budmetrics.internal..",
                        "io.budmetrics.time..",
                        "io.budmetrics.schema..",
                        "io.budmetrics.filter..",
                        "io.budmetrics.metric..",
                        "io.budmetrics.record..",
                        "io.budmetrics.sql..",
                        "io.budmetrics.question..",
                        "io.budmetrics.analytics..")
                .check(CLASSES);
    }

    @Test
    void theClientKnowsNoMetric() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.budmetrics.metric..")
                .because("a new metric must not touch the client")
                .check(CLASSES);
    }
}
