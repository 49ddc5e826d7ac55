package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child's class path, from plain class paths; {@link RepackagedJarIT} has jars within a jar. */
class ChildClassPathTest {
    private static final String RESOURCE = "io/budmetrics/X.class";

    @TempDir
    private Path directory;

    @Test
    void directoriesAndJarsStandAsTheyAre() throws Exception {
        Path copies = directory.resolve("copies");
        String classPath = new ChildClassPath(EngineMain.class.getClassLoader()).build(copies);
        List<Path> entries =
                Arrays.stream(classPath.split(File.pathSeparator)).map(Path::of).toList();
        assertThat(entries).hasSize(4).allSatisfy(entry -> assertThat(entry).exists());
        assertThat(entries.get(0)).isEqualTo(origin(EngineMain.class));
        assertThat(entries.get(1)).isEqualTo(origin(Native.class)).isRegularFile();
        assertThat(copies).doesNotExist();
    }

    @Test
    void pathsMayHaveAnyCharacter() throws Exception {
        Path odd = directory.resolve("a b+c%20d/ä#1");
        assertThat(source(odd.resolve(RESOURCE).toUri().toURL())).isEqualTo(odd);

        Path jar = Files.createDirectories(odd).resolve("x y.jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar))) {
            output.putNextEntry(new ZipEntry(RESOURCE));
        }
        assertThat(source(URI.create("jar:" + jar.toUri() + "!/" + RESOURCE).toURL()))
                .isEqualTo(jar);
    }

    @Test
    void aMissingJarIsNamed() throws Exception {
        URL[] urls = {origin(EngineMain.class).toUri().toURL()};
        try (URLClassLoader withoutJna = new URLClassLoader(urls, null)) {
            assertUnavailable(
                    () -> new ChildClassPath(withoutJna).build(directory),
                    "needs net.java.dev.jna:jna (an optional dependency of budmetrics-clickhouse: add it to yours)",
                    "which is not on the class path");
        }
    }

    @Test
    void classesFromElsewhereAreRefusedWithAWayOut() throws Exception {
        URL ofTheRuntime = Object.class.getResource("Object.class");
        assertThat(ofTheRuntime).hasProtocol("jrt");
        assertUnavailable(
                () -> ChildClassPath.source(ofTheRuntime, "java/lang/Object.class", directory, 0),
                "a second JVM, which cannot read classes from jrt: URLs",
                "unpack the application (java -Djarmode=tools -jar app.jar extract for Spring Boot)",
                "or run it from a plain class path");
    }

    @Test
    void aJarWithinAJarThatCannotBeReadIsRefused() throws Exception {
        Path outer = directory.resolve("outer.jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(outer))) {
            output.putNextEntry(new ZipEntry("BOOT-INF/lib/inner.jar"));
        }
        // the runtime's own handler takes it for an entry of the outer jar
        URL nested = URI.create("jar:" + outer.toUri() + "!/BOOT-INF/lib/inner.jar!/" + RESOURCE)
                .toURL();
        assertUnavailable(() -> source(nested), "cannot read classes from jar: URLs");
    }

    private Path source(URL url) throws Exception {
        return ChildClassPath.source(url, RESOURCE, directory.resolve("copies"), 0);
    }

    private static Path origin(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void assertUnavailable(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
        });
    }
}
