package io.budmetrics.clickhouse.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;

/** A shell script in npm's place, that hands out a small archive, and what an installer needs to meet it. */
final class FakeNpm {
    static final byte[] LIBRARY = "not really a library".repeat(5_000).getBytes(StandardCharsets.UTF_8);

    private final Path directory;
    private final Path script;
    private final Path archive;

    /** Hands out an archive with {@link #LIBRARY}. */
    FakeNpm(Path directory) throws IOException {
        this.directory = directory;
        this.script = directory.resolve("npm.sh");
        this.archive = directory.resolve("lib.tgz");
        archive(tar("package/package.json", new byte[700], "package/libchdb.so", LIBRARY));
        behave("deliver");
    }

    /** What is handed out. */
    void archive(byte[] tar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(tar);
        }
        Files.write(archive, bytes.toByteArray());
        states(integrity());
    }

    /** The integrity that is stated, whatever is handed out. */
    void states(String integrity) throws IOException {
        Files.writeString(directory.resolve("stated.json"), "[{\"integrity\": \"" + integrity + "\"}]");
    }

    /** Replaces what the script does; {@code deliver} hands the archive out. */
    void behave(String commands) throws IOException {
        // the arguments: pack SPECIFICATION --json --ignore-scripts --pack-destination DIRECTORY --cache DIRECTORY
        Files.writeString(script, """
                home='%s'
                echo "$*" >> "$home/calls"
                echo $$ >> "$home/pids"
                deliver() {
                    cp "$home/lib.tgz" "$6/lib.tgz"
                    cat "$home/stated.json"
                }
                """.formatted(directory) + commands.replace("deliver", "deliver \"$@\"") + "\n");
    }

    List<String> command() {
        return List.of("/bin/sh", script.toString());
    }

    /** The arguments of each call so far. */
    List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** The process that the last call runs in. */
    long lastProcess() throws IOException {
        List<String> pids = Files.readAllLines(directory.resolve("pids"));
        return Long.parseLong(pids.get(pids.size() - 1));
    }

    /** The true integrity of the archive. */
    String integrity() throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
            return "sha512-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Places that have nothing but a cache, and a package that is pinned to what is handed out now. */
    EngineLibrary places(Path cache) throws IOException {
        EnginePackage engine =
                new EnginePackage("@fake/lib", Optional.of(integrity()), OptionalLong.of(LIBRARY.length));
        return places(cache, engine);
    }

    static EngineLibrary places(Path cache, EnginePackage engine) {
        Properties properties = new Properties();
        properties.setProperty(EngineLibrary.CACHE_PROPERTY, cache.toString());
        properties.setProperty("user.dir", cache.resolve("nowhere").toString());
        return new EngineLibrary(Map.of(), properties, List.of(), () -> engine);
    }

    /** An archive of two files. */
    static byte[] tar(String name, byte[] content, String otherName, byte[] otherContent) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        entry(tar, name, content);
        entry(tar, otherName, otherContent);
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    private static void entry(ByteArrayOutputStream tar, String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 124, "%011o".formatted(content.length));
        header[156] = '0';
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
