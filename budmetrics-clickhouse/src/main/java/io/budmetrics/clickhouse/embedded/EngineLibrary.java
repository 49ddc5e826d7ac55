package io.budmetrics.clickhouse.embedded;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the native library is looked for; the first place that names or has one wins. */
record EngineLibrary(
        Map<String, String> environment,
        Properties properties,
        List<Path> systemDirectories,
        Supplier<EnginePackage> engine) {
    static final String FILE = "libchdb.so";
    static final String LIBRARY_PROPERTY = "budmetrics.chdb.library";
    static final String LIBRARY_VARIABLE = "BUDMETRICS_CHDB_LIBRARY";
    static final String CACHE_PROPERTY = "budmetrics.cache.directory";
    static final String CACHE_VARIABLE = "BUDMETRICS_CACHE_DIRECTORY";

    static EngineLibrary ofThisProcess() {
        return new EngineLibrary(
                System.getenv(),
                System.getProperties(),
                List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib")),
                EnginePackage::current);
    }

    /** The library to load; a place that was named explicitly and has none is an error, never passed over. */
    Path locate(@Nullable Path explicit) {
        return find(explicit)
                .orElseThrow(() -> BudMetricsException.of(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the native library of the embedded engine (" + FILE + ") was not found: run the class "
                                + EngineInstaller.class.getName()
                                + " once (it needs npm, and downloads 178 MB), or name"
                                + " the file with -D" + LIBRARY_PROPERTY + "=/path/to/" + FILE));
    }

    Optional<Path> find(@Nullable Path explicit) {
        if (explicit != null) {
            return Optional.of(named(explicit, "the builder's library"));
        }
        String property = properties.getProperty(LIBRARY_PROPERTY, "");
        if (!property.isBlank()) {
            return Optional.of(named(Path.of(property), "the system property " + LIBRARY_PROPERTY));
        }
        String variable = environment.getOrDefault(LIBRARY_VARIABLE, "");
        if (!variable.isBlank()) {
            return Optional.of(named(Path.of(variable), "the environment variable " + LIBRARY_VARIABLE));
        }
        for (Path place : installLocations()) {
            if (Files.isRegularFile(place)) {
                return Optional.of(place.toAbsolutePath());
            }
        }
        return cached();
    }

    private List<Path> installLocations() {
        List<Path> places = new ArrayList<>();
        for (Path directory : systemDirectories) {
            places.add(directory.resolve(FILE));
        }
        places.add(Path.of(properties.getProperty("user.dir", "."))
                .resolve("node_modules")
                .resolve(engine.get().name())
                .resolve(FILE));
        return places;
    }

    /** The library of the per-user cache, unless its size says that it is another. */
    Optional<Path> cached() {
        Path file = cacheFile();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        OptionalLong size = engine.get().librarySize();
        return size.isEmpty() || file.toFile().length() == size.getAsLong() ? Optional.of(file) : Optional.empty();
    }

    /** Where the installer puts the library, and where it is looked for last. */
    Path cacheFile() {
        return cacheDirectory().resolve("chdb").resolve(EnginePackage.VERSION).resolve(FILE);
    }

    private Path cacheDirectory() {
        String property = properties.getProperty(CACHE_PROPERTY, "");
        if (!property.isBlank()) {
            return Path.of(property).toAbsolutePath();
        }
        String variable = environment.getOrDefault(CACHE_VARIABLE, "");
        if (!variable.isBlank()) {
            return Path.of(variable).toAbsolutePath();
        }
        Path home = Path.of(properties.getProperty("user.home", "."));
        if (properties.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")) {
            return home.resolve("Library").resolve("Caches").resolve("budmetrics");
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        // the specification says that a relative path is to be ignored
        Path base = !xdg.isBlank() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".cache");
        return base.resolve("budmetrics");
    }

    private static Path named(Path file, String by) {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            return file.toAbsolutePath();
        }
        throw BudMetricsException.of(
                ErrorCode.DATABASE_UNAVAILABLE,
                by + " names " + file + ", which is not a readable file: correct it, or leave it out to have the"
                        + " library looked for");
    }
}
