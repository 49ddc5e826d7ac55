package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that uses all that is public compiles without a warning, with nothing but what it gets transitively. */
class ConsumerTest {
    /** Of what Maven hands on, only these are named by public classes. */
    private static final List<String> NEEDED = List.of("jackson-annotations", "jspecify");

    @TempDir
    private Path output;

    @Test
    void publicTypesCompileWithoutWarnings() throws Exception {
        Path core = origin(QueryBuilder.class);
        Path client = origin(BudMetrics.class);
        List<String> types = new ArrayList<>(publicTypes(core));
        types.addAll(publicTypes(client));
        assertThat(types)
                .contains(
                        "io.budmetrics.analytics.AnalyticsQuestion",
                        "io.budmetrics.record.InferenceRecord",
                        "io.budmetrics.record.InferenceRecord.Builder",
                        "io.budmetrics.clickhouse.embedded.EmbeddedClickHouse");

        StringBuilder source = new StringBuilder("class Consumer {\n");
        for (int i = 0; i < types.size(); i++) {
            // a method that the type inherits makes the compiler read all its supertypes
            source.append("    int uses%d(%s given) { return given.hashCode(); }%n".formatted(i, types.get(i)));
        }
        StringWriter messages = new StringWriter();
        assertThat(compile(source.append("}\n").toString(), core, client, messages))
                .as(messages.toString())
                .isTrue();
    }

    private boolean compile(String source, Path core, Path client, StringWriter messages) {
        List<String> classPath = new ArrayList<>(List.of(core.toString(), client.toString()));
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NEEDED.stream()
                        .anyMatch(
                                name -> Path.of(entry).getFileName().toString().startsWith(name)))
                .forEach(classPath::add);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Consumer.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options = List.of(
                "-Xlint:all",
                "-Werror",
                "--release",
                "17",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "-d",
                output.toString());
        return compiler.getTask(messages, null, null, options, null, List.of(file))
                .call();
    }

    private static List<String> publicTypes(Path origin) throws IOException {
        if (Files.isDirectory(origin)) {
            return publicTypesBelow(origin);
        }
        try (FileSystem jar = FileSystems.newFileSystem(origin)) {
            return publicTypesBelow(jar.getPath("/"));
        }
    }

    private static List<String> publicTypesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length())
                            .replace('\\', '/')
                            .replace('/', '.'))
                    // the first is not for users; the second only for those who have JUnit
                    .filter(name -> !name.contains(".internal.") && !name.contains(".clickhouse.junit."))
                    .sorted()
                    .map(ConsumerTest::load)
                    .filter(ConsumerTest::isPublic)
                    .map(ConsumerTest::written)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ConsumerTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (outer == null || isPublic(outer));
    }

    /** The type as a program writes it. */
    private static String written(Class<?> type) {
        String wildcards = String.join(", ", Collections.nCopies(type.getTypeParameters().length, "?"));
        return type.getCanonicalName() + (wildcards.isEmpty() ? "" : "<" + wildcards + ">");
    }

    private static Path origin(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
