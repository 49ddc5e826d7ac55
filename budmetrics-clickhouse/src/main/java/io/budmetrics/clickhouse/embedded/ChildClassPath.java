package io.budmetrics.clickhouse.embedded;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The class path of the child process: the few jars it needs, and no more of the host's. A jar within a jar (a
 * repackaged application) is copied to the run directory, since a plain JVM cannot read it there.
 */
final class ChildClassPath {
    private static final String JNA = "com.sun.jna.Native";

    /** One class of each jar that the child loads, and what brings it. */
    private static final Map<String, String> NEEDED = needed();

    private final ClassLoader loader;

    ChildClassPath(ClassLoader loader) {
        this.loader = loader;
    }

    private static Map<String, String> needed() {
        Map<String, String> needed = new LinkedHashMap<>();
        needed.put(EngineMain.class.getName(), "budmetrics-clickhouse");
        needed.put(JNA, "net.java.dev.jna:jna (an optional dependency of budmetrics-clickhouse: add it to yours)");
        needed.put("com.clickhouse.data.ClickHouseCityHash", "com.clickhouse:clickhouse-data");
        needed.put("net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java");
        return needed;
    }

    /** The class path, with jars copied into the directory given where they have no file of their own. */
    String build(Path directory) throws IOException {
        List<String> entries = new ArrayList<>();
        for (Map.Entry<String, String> needed : NEEDED.entrySet()) {
            String resource = needed.getKey().replace('.', '/') + ".class";
            URL url = loader.getResource(resource);
            if (url == null) {
                throw BudMetricsException.of(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the embedded engine needs " + needed.getValue() + ", which is not on the class path");
            }
            String entry = source(url, resource, directory, entries.size()).toString();
            if (!entries.contains(entry)) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** The jar file or the directory that a class was found in. */
    static Path source(URL classUrl, String resource, Path directory, int index) throws IOException {
        if (classUrl.getProtocol().equals("file")) {
            Path file = path(classUrl);
            for (int i = 0; i < resource.split("/").length; i++) {
                Path parent = file.getParent();
                if (parent == null) {
                    throw unusable(classUrl);
                }
                file = parent;
            }
            return file;
        }
        if (!classUrl.getProtocol().equals("jar")) {
            throw unusable(classUrl);
        }
        String external = classUrl.toExternalForm();
        int end = external.lastIndexOf("!/" + resource);
        String jar = end < 0 ? "" : external.substring("jar:".length(), end);
        if (jar.startsWith("file:") && !jar.contains("!/")) {
            Path file = path(URI.create(jar).toURL());
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return copied(classUrl, resource, directory, index);
    }

    /** Reads the inner jar through the handler that found the class in it. */
    private static Path copied(URL classUrl, String resource, Path directory, int index) throws IOException {
        URLConnection connection = classUrl.openConnection();
        connection.setUseCaches(true);
        if (connection instanceof JarURLConnection jarConnection) {
            URL inner = jarConnection.getJarFileURL();
            Files.createDirectories(directory);
            Path copy = directory.resolve("library-" + index + ".jar");
            try (InputStream input = inner.openStream()) {
                Files.copy(input, copy);
            } catch (IOException e) {
                throw unusable(classUrl);
            }
            if (holds(copy, resource)) {
                return copy;
            }
        }
        throw unusable(classUrl);
    }

    private static boolean holds(Path jar, String resource) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.getEntry(resource) != null;
        } catch (ZipException e) {
            return false;
        }
    }

    private static Path path(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw unusable(url);
        }
    }

    private static BudMetricsException unusable(URL url) {
        return BudMetricsException.of(
                ErrorCode.DATABASE_UNAVAILABLE,
                "the embedded engine starts a second JVM, which cannot read classes from " + url.getProtocol()
                        + ": URLs of this application: unpack the application (java -Djarmode=tools -jar app.jar extract"
                        + " for Spring Boot), or run it from a plain class path");
    }
}
