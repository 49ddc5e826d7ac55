package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the native library is looked for, and in which order. */
class EngineLibraryTest {
    private static final int SIZE = 3;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final Properties properties = new Properties();
    private EngineLibrary places;

    @BeforeEach
    void nothingIsThere() {
        EnginePackage engine = new EnginePackage("@fake/lib", Optional.empty(), OptionalLong.of(SIZE));
        properties.setProperty("user.home", directory.resolve("home").toString());
        properties.setProperty("user.dir", directory.resolve("work").toString());
        places = new EngineLibrary(
                environment,
                properties,
                List.of(directory.resolve("usr/lib"), directory.resolve("usr/local/lib")),
                () -> engine);
    }

    @Test
    void theFirstPlaceWins() throws Exception {
        Path cache = library("home/.cache/budmetrics/chdb/" + EnginePackage.VERSION + "/libchdb.so");
        assertThat(places.locate(null)).isEqualTo(cache);
        Path modules = library("work/node_modules/@fake/lib/libchdb.so");
        assertThat(places.locate(null)).isEqualTo(modules);
        Path local = library("usr/local/lib/libchdb.so");
        assertThat(places.locate(null)).isEqualTo(local);
        Path system = library("usr/lib/libchdb.so");
        assertThat(places.locate(null)).isEqualTo(system);
        Path variable = library("variable.so");
        environment.put("BUDMETRICS_CHDB_LIBRARY", variable.toString());
        assertThat(places.locate(null)).isEqualTo(variable);
        Path property = library("property.so");
        properties.setProperty("budmetrics.chdb.library", property.toString());
        assertThat(places.locate(null)).isEqualTo(property);
        Path explicit = library("explicit.so");
        assertThat(places.locate(explicit)).isEqualTo(explicit);
    }

    @Test
    void aNamedPlaceThatIsWrongIsAnErrorThatNamesIt() throws Exception {
        library("usr/lib/libchdb.so");
        environment.put("BUDMETRICS_CHDB_LIBRARY", directory.resolve("a.so").toString());
        assertUnavailable(
                () -> places.locate(null),
                "the environment variable BUDMETRICS_CHDB_LIBRARY names " + directory.resolve("a.so"),
                "not a readable file",
                "leave it out");
        // a directory is no library
        properties.setProperty("budmetrics.chdb.library", directory.toString());
        assertUnavailable(
                () -> places.locate(null),
                "the system property budmetrics.chdb.library names " + directory,
                "not a readable file");
        assertUnavailable(
                () -> places.locate(directory.resolve("c.so")),
                "the builder's library names " + directory.resolve("c.so"),
                "not a readable file");
    }

    @Test
    void blankNamesAreNoNames() throws Exception {
        Path system = library("usr/lib/libchdb.so");
        environment.put("BUDMETRICS_CHDB_LIBRARY", " ");
        properties.setProperty("budmetrics.chdb.library", "");
        assertThat(places.locate(null)).isEqualTo(system);
    }

    @Test
    void theCacheFollowsItsSettings() throws Exception {
        environment.put("XDG_CACHE_HOME", "relative");
        assertThat(places.cacheFile()).startsWithRaw(directory.resolve("home/.cache/budmetrics"));
        environment.put("XDG_CACHE_HOME", directory.resolve("xdg").toString());
        assertThat(places.cacheFile()).startsWithRaw(directory.resolve("xdg/budmetrics"));
        properties.setProperty("os.name", "Mac OS X");
        assertThat(places.cacheFile()).startsWithRaw(directory.resolve("home/Library/Caches/budmetrics"));
        environment.put(
                "BUDMETRICS_CACHE_DIRECTORY", directory.resolve("variable").toString());
        assertThat(places.cacheFile()).startsWithRaw(directory.resolve("variable/chdb"));
        properties.setProperty(
                "budmetrics.cache.directory", directory.resolve("property").toString());
        assertThat(places.cacheFile())
                .isEqualTo(directory.resolve("property/chdb/" + EnginePackage.VERSION + "/libchdb.so"));
    }

    @Test
    void aLibraryOfAnotherSizeInTheCacheIsPassedOver() throws Exception {
        Path cache = library("home/.cache/budmetrics/chdb/" + EnginePackage.VERSION + "/libchdb.so");
        Files.write(cache, new byte[SIZE - 1]);
        assertThat(places.find(null)).isEmpty();
    }

    @Test
    void missingLibraryIsOneLineThatSaysHowToGetIt() {
        assertUnavailable(
                () -> places.locate(null),
                "libchdb.so",
                "was not found",
                "run the class io.budmetrics.clickhouse.embedded.EngineInstaller once",
                "npm",
                "178 MB",
                "-Dbudmetrics.chdb.library=");
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, @chdb/lib-linux-x64-gnu, true",
        "Linux, x86_64, @chdb/lib-linux-x64-gnu, true",
        "Linux, aarch64, @chdb/lib-linux-arm64-gnu, false",
        "Mac OS X, x86_64, @chdb/lib-darwin-x64, false",
        "Mac OS X, aarch64, @chdb/lib-darwin-arm64, false",
    })
    void everyPlatformHasItsPackage(String os, String architecture, String name, boolean pinned) {
        EnginePackage engine = EnginePackage.of(os, architecture);
        assertThat(engine.name()).isEqualTo(name);
        assertThat(engine.integrity().isPresent()).isEqualTo(pinned);
        assertThat(engine.librarySize().isPresent()).isEqualTo(pinned);
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, riscv64", "FreeBSD, amd64"})
    void otherPlatformsAreNamed(String os, String architecture) {
        assertUnavailable(
                () -> EnginePackage.of(os, architecture),
                "does not exist for " + os + " on " + architecture,
                "use a ClickHouse server instead");
    }

    private Path library(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[SIZE]);
    }

    private static void assertUnavailable(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
        });
    }
}
