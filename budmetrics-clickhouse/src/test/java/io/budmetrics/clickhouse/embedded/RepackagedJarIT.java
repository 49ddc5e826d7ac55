package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.LoaderImplementation;
import org.springframework.boot.loader.tools.Repackager;

/** The engine inside an application that Spring Boot's own tools packed into one jar, started with java -jar. */
class RepackagedJarIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(LoaderImplementation.class)
    void engineStartsFromJarsWithinAJar(LoaderImplementation loader) throws Exception {
        Path log = directory.resolve("log.txt");
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-jar",
                        repackaged(loader).toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(log)
                .content(StandardCharsets.UTF_8)
                .contains("from a jar within a jar: true")
                .containsPattern("the engine answered \\d+\\.\\d+\\.\\d+\\.\\d+");
        assertThat(process.exitValue()).isZero();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("budmetrics-")))
                    .isEmpty();
        }
    }

    /** The application. */
    static final class Application {
        private Application() {}

        public static void main(String[] arguments) throws Exception {
            String origin = EmbeddedClickHouse.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString();
            System.out.println("from a jar within a jar: " + origin.contains("BOOT-INF/lib/"));
            try (EmbeddedClickHouse engine = EmbeddedClickHouse.start();
                    Connection connection = engine.dataSource().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT version()")) {
                row.next();
                System.out.println("the engine answered " + row.getString(1));
            }
        }
    }

    private Path repackaged(LoaderImplementation loader) throws IOException {
        Path application = directory.resolve("application.jar");
        String name = Application.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(application))) {
            jar.putNextEntry(new ZipEntry(name));
            jar.write(
                    Application.class.getClassLoader().getResourceAsStream(name).readAllBytes());
        }
        List<Path> libraries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isRegularFile(path)) {
                libraries.add(path);
            } else if (Files.exists(path.resolve("io/budmetrics/clickhouse/embedded/EngineMain.class"))) {
                libraries.add(jar(path));
            }
        }
        Repackager repackager = new Repackager(application.toFile());
        repackager.setMainClass(Application.class.getName());
        repackager.setLoaderImplementation(loader);
        Path repackaged = directory.resolve("repackaged.jar");
        repackager.repackage(repackaged.toFile(), callback -> {
            for (Path library : libraries) {
                callback.library(new Library(library.toFile(), LibraryScope.RUNTIME));
            }
        });
        return repackaged;
    }

    private Path jar(Path classes) throws IOException {
        Path jar = directory.resolve("classes.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file);
                Stream<Path> paths = Files.walk(classes)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                output.putNextEntry(
                        new ZipEntry(classes.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, output);
            }
        }
        return jar;
    }
}
