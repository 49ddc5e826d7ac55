package io.budmetrics.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core's packages stand in one order, and the core is pure. */
final class ArchitectureTest {
    private static final String BASE = "io.budmetrics";

    /** A package may import only those before it; the root stands last. */
    private static final List<String> ORDER = List.of(
            "error",
            "internal.access",
            "internal.expr",
            "internal.json",
            "internal.time",
            "internal.metric",
            "internal.layout",
            "time",
            "schema",
            "internal.schema",
            "filter",
            "internal.filter",
            "metric",
            "internal.record",
            "record",
            "sql",
            "internal.sql",
            "question",
            "analytics",
            "");

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    private static final Set<String> CLOCKS = Set.of("now", "nanoTime", "currentTimeMillis", "systemUTC", "system");

    private static final Pattern REFLECTION = Pattern.compile(
            "forName|newInstance|getMethods?|getDeclared\\w+|getFields?|getConstructors?|getRecordComponents"
                    + "|getResource\\w*|getClassLoader");

    /** The one class that reads anything: the released migration steps, which lie beside it in the jar. */
    private static final String READS_RESOURCES = "io.budmetrics.schema.ReleasedSteps";

    private static final Set<String> MUTABLE_TYPES = Set.of(
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.EnumMap",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.ArrayDeque",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.TreeSet",
            "java.util.BitSet",
            "java.util.Date",
            "java.util.Calendar",
            "java.text.SimpleDateFormat",
            "java.text.DecimalFormat",
            "java.lang.StringBuilder",
            "java.lang.StringBuffer",
            "java.lang.ThreadLocal");

    @Test
    void theTestSeesTheCore() {
        assertThat(CORE.contain("io.budmetrics.error.BudMetricsException")).isTrue();
        assertThat(CORE.stream().noneMatch(type -> type.getSimpleName().endsWith("Test")))
                .isTrue();
    }

    @Test
    void everyClassLiesInAPackageOfTheDesign() {
        classes()
                .should()
                .resideInAnyPackage(
                        ORDER.stream().map(ArchitectureTest::pattern).toArray(String[]::new))
                .check(CORE);
    }

    @Test
    void aPackageImportsOnlyPackagesAboveIt() {
        for (int position = 0; position < ORDER.size(); position++) {
            List<String> below = new ArrayList<>();
            for (String name : ORDER.subList(position + 1, ORDER.size())) {
                below.add(pattern(name));
            }
            if (below.isEmpty()) {
                continue;
            }
            noClasses()
                    .that()
                    .resideInAPackage(pattern(ORDER.get(position)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(below.toArray(String[]::new))
                    .because("the design's table lists the packages in the order of their imports")
                    .allowEmptyShould(true)
                    .check(CORE);
        }
    }

    /** The rooms that stand side by side on the ground. */
    private static final List<String> KINDS = List.of("analytics");

    @Test
    void noKindOfQuestionImportsAnother() {
        for (String kind : KINDS) {
            String[] others = KINDS.stream()
                    .filter(other -> !other.equals(kind))
                    .map(ArchitectureTest::pattern)
                    .toArray(String[]::new);
            if (others.length > 0) {
                check(noClasses()
                        .that()
                        .resideInAPackage(pattern(kind))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others));
            }
        }
    }

    /** A scan adds the scope, and a layout's translation is what scans read: nothing else may name a table. */
    @Test
    void onlyScansAndTranslationsWriteFrom() throws IOException {
        Pattern literal = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*\"");
        Pattern from = Pattern.compile("\\bFROM ");
        assertThat(sources()
                        .filter(file -> literal.matcher(text(file))
                                .results()
                                .anyMatch(found -> from.matcher(found.group()).find()))
                        .map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder("Scan.java", "SourceSql.java");
    }

    /** Constants with their javadoc may be long; an algorithm of this length has more than one subject. */
    @Test
    void noFileIsLongButForData() throws IOException {
        assertThat(SourceLengths.filesOver(Path.of("src", "main", "java"), 500))
                .containsExactlyInAnyOrder("InferenceFact.java", "InferenceRecord.java");
    }

    @Test
    void noMethodIsLong() throws IOException {
        assertThat(SourceLengths.methodsOver(Path.of("src", "main", "java"), 60))
                .isEmpty();
        // the rule can fail
        assertThat(SourceLengths.methodsOver(Path.of("src", "main", "java"), 40))
                .isNotEmpty();
    }

    @Test
    void noPublicConstructorHasManyParameters() {
        assertThat(CORE.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.getPackageName().startsWith(BASE + ".internal"))
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC)
                                && constructor.getRawParameterTypes().size() > 7)
                        .map(JavaConstructor::getFullName))
                .isEmpty();
    }

    @Test
    void publicTypesAreFew() throws IOException {
        Pattern type = Pattern.compile("^public (?:[a-z-]+ )*(?:class|interface|record|enum) ", Pattern.MULTILINE);
        assertThat(sources()
                        .filter(file -> !file.toString().contains("internal"))
                        .filter(file -> type.matcher(text(file)).find()))
                .hasSizeLessThanOrEqualTo(61);
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theCoreDoesNoInputOrOutput() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(READS_RESOURCES)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..",
                                "java.net..",
                                "java.nio.channels..",
                                "java.nio.file..",
                                "java.sql..",
                                "javax.sql..",
                                "java.util.zip..")
                        .and(not(belongToAnyOf(InetAddress.class, UnknownHostException.class)))));
    }

    @Test
    void theCoreLooksUpNoHostName() {
        check(noClasses()
                .should(callMethodWhere(describe(
                        "may ask the DNS",
                        (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(InetAddress.class)
                                && !Set.of("getByAddress", "getAddress", "getHostAddress", "equals", "hashCode")
                                        .contains(call.getName())))));
    }

    @Test
    void theCoreAsksNoClock() {
        check(noClasses()
                .should(callMethodWhere(describe("reads a clock", ArchitectureTest::readsAClock)))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class));
    }

    @Test
    void theCoreHasNoRandomness() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(util\\.(Random|SplittableRandom)|security\\.SecureRandom|util\\.random\\..*"
                        + "|util\\.concurrent\\.ThreadLocalRandom)")
                .orShould(callMethodWhere(describe(
                        "draws a random value",
                        (JavaMethodCall call) -> call.getName().equals("random")
                                || call.getName().equals("randomUUID")))));
    }

    @Test
    void theCoreDoesNotLog() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..", "java.lang.System$Logger..")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
    }

    @Test
    void theCoreUsesNoReflection() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(READS_RESOURCES)
                .should(callMethodWhere(describe(
                        "reflects",
                        (JavaMethodCall call) -> call.getTargetOwner().isEquivalentTo(Class.class)
                                && REFLECTION.matcher(call.getName()).matches())))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.invoke\\.VarHandle|java\\.util\\.ServiceLoader|sun\\.misc\\.Unsafe"));
    }

    @Test
    void theCoreHasNoMutableStaticState() {
        DescribedPredicate<JavaField> writtenByPeople = describe(
                "written in source",
                field -> field.getModifiers().contains(JavaModifier.STATIC)
                        && !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !field.getName().startsWith("$")
                        && !(field.getRawType().isArray()
                                && field.getModifiers().contains(JavaModifier.PRIVATE)
                                && field.getModifiers().contains(JavaModifier.FINAL)));
        fields().that(writtenByPeople)
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(describe("mutable", ArchitectureTest::isMutable))
                .because("an array may be shared only inside its class, where nobody writes to it")
                .allowEmptyShould(true)
                .check(CORE);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CORE);
    }

    private static String pattern(String name) {
        return name.isEmpty() ? BASE : BASE + "." + name + "..";
    }

    private static boolean readsAClock(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        return (CLOCKS.contains(call.getName()) && (owner.startsWith("java.time.") || owner.equals("java.lang.System")))
                || owner.equals("java.util.Date")
                || owner.equals("java.util.Calendar");
    }

    private static boolean isMutable(JavaClass type) {
        return type.isArray()
                || MUTABLE_TYPES.contains(type.getName())
                || type.getName().startsWith("java.util.concurrent.");
    }
}
