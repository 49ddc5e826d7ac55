package io.budmetrics.clickhouse.embedded;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the native library of the embedded engine through npm into a per-user cache, once: 178 MB to download, 566 MB
 * on disk. Run its {@code main}; the Maven build of this project does so before its integration tests.
 *
 * <p>The package's version is pinned. For Linux on x64 its SHA-512 integrity is pinned too, and is checked against what
 * npm states and against the bytes that arrived. For Linux on arm64 and for macOS the package of the same version is
 * fetched by name and checked against the integrity that npm states, which is <em>not</em> pinned here; nobody has
 * tried these platforms yet, and a line says so. Windows has no such package.
 *
 * <p>Several installers at once wait for each other; an interrupted one leaves nothing that is taken for a library.
 */
public final class EngineInstaller {
    private static final String LIBRARY_ENTRY = "package/libchdb.";
    private static final long PROGRESS_MILLIS = 1_000;
    private static final int STOP_SECONDS = 5;
    private static final int TAR_BLOCK = 512;
    private static final Pattern INTEGRITY = Pattern.compile("\"integrity\"\\s*:\\s*\"(sha512-[A-Za-z0-9+/=]+)\"");
    private static final Pattern SUMMARY = Pattern.compile("\"summary\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final EngineLibrary places;
    private final List<String> npm;
    private final PrintStream out;

    EngineInstaller(EngineLibrary places, List<String> npm, PrintStream out) {
        this.places = places;
        this.npm = npm;
        this.out = out;
    }

    /**
     * Makes sure that the library is there, and prints its path.
     *
     * @param arguments none are taken
     */
    public static void main(String[] arguments) {
        try {
            install();
        } catch (BudMetricsException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Makes sure that the library is there: finds it in the same places as {@link EmbeddedClickHouse}, or fetches it.
     *
     * @return the library
     * @throws BudMetricsException with {@code DATABASE_UNAVAILABLE} when it cannot be fetched; the message says why
     */
    public static Path install() {
        return new EngineInstaller(EngineLibrary.ofThisProcess(), List.of("npm"), System.out).run();
    }

    /** Ends npm, which would go on downloading, and removes its files, when this process is stopped (Ctrl-C). */
    private static final class Stop implements AutoCloseable {
        private final Path work;
        private final Thread hook = new Thread(this::clear, "engine-installer-stop");
        private boolean stopping;
        private @Nullable Process npm;

        Stop(Path work) {
            this.work = work;
            Runtime.getRuntime().addShutdownHook(hook);
        }

        /** Starts npm, and knows it before anyone can stop this process. */
        synchronized Process start(ProcessBuilder builder) throws IOException {
            if (stopping) {
                throw new IOException("this process is being stopped");
            }
            Process started = builder.start();
            npm = started;
            return started;
        }

        private synchronized void clear() {
            stopping = true;
            try {
                if (npm != null) {
                    destroy(npm);
                    npm.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
                }
                FileTrees.delete(work);
            } catch (IOException e) {
                // the next installer removes it
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // this process is being stopped, and the hook at work
            }
        }
    }

    /** When a line of progress is due: after 1, 2, 4, 8, ... seconds, and whenever 10 MB more have arrived. */
    static final class Pace {
        private static final long STEP_BYTES = 10_000_000;

        private long nextSeconds = 1;
        private long nextBytes = STEP_BYTES;

        boolean isDue(long seconds, long bytes) {
            boolean due = seconds >= nextSeconds || bytes >= nextBytes;
            if (due) {
                nextBytes = bytes + STEP_BYTES;
                while (nextSeconds <= seconds) {
                    nextSeconds *= 2;
                }
            }
            return due;
        }
    }

    Path run() {
        Optional<Path> found = places.find(null);
        if (found.isPresent()) {
            out.println("embedded engine: found " + found.get());
            return found.get();
        }
        Path target = places.cacheFile();
        Path directory = parent(target);
        try {
            Files.createDirectories(directory);
            Path lockFile = directory.resolve(".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid()) {
                    throw new IOException("the lock on " + lockFile + " was lost");
                }
                Optional<Path> meanwhile = places.cached();
                if (meanwhile.isPresent()) {
                    out.println("embedded engine: found " + meanwhile.get());
                    return meanwhile.get();
                }
                removeLeftovers(directory);
                Path work = Files.createTempDirectory(directory, ".download-");
                try (Stop stop = new Stop(work)) {
                    fetch(work, target, stop);
                } finally {
                    FileTrees.delete(work);
                }
            }
        } catch (IOException e) {
            throw failed("the embedded engine could not be installed in " + directory + ": " + e.getMessage(), e);
        }
        out.println("embedded engine: installed " + target);
        return target;
    }

    private void fetch(Path work, Path target, Stop stop) throws IOException {
        EnginePackage engine = places.engine().get();
        String specification = engine.name() + "@" + EnginePackage.VERSION;
        out.println("embedded engine: downloading " + specification + " with npm (178 MB)");
        String stated = download(work, specification, stop);
        Optional<String> pinned = engine.integrity();
        if (pinned.isPresent() && !pinned.get().equals(stated)) {
            throw failed(
                    "npm reports a different integrity for " + specification
                            + " than the pinned one; it is not the package"
                            + " this version was tested with, and nothing was installed",
                    null);
        }
        if (pinned.isEmpty()) {
            out.println("embedded engine: the integrity of " + engine.name()
                    + " is not pinned, npm's own is used; this platform is untried");
        }
        Path archive = archive(work);
        out.println("embedded engine: verifying " + megabytes(Files.size(archive)));
        if (!integrity(archive).equals(stated)) {
            throw failed(
                    "the archive of " + specification
                            + " does not match its integrity (a broken download?); nothing was"
                            + " installed, try again",
                    null);
        }
        Path library = work.resolve(EngineLibrary.FILE);
        unpack(archive, library);
        long size = Files.size(library);
        if (engine.librarySize().isPresent() && engine.librarySize().getAsLong() != size) {
            throw failed("the library in " + specification + " has " + size + " bytes, which is not its size", null);
        }
        // a machine that loses its power must not find the name without the content
        try (FileChannel channel = FileChannel.open(library, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(library, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Lets npm fetch the archive into a directory, and returns the integrity that it states. */
    private String download(Path work, String specification, Stop stop) throws IOException {
        Path output = work.resolve("npm-output.json");
        Path errors = work.resolve("npm-errors.txt");
        Path store = Files.createDirectories(work.resolve("archive"));
        List<String> command = new ArrayList<>(npm);
        command.addAll(List.of("pack", specification, "--json", "--ignore-scripts", "--pack-destination"));
        command.add(store.toString());
        // a cache of its own can be watched growing, and leaves no second copy behind
        Path downloaded = work.resolve("npm-cache");
        command.addAll(List.of("--cache", downloaded.toString()));
        Path input = Files.createFile(work.resolve("npm-input"));
        Process process;
        try {
            process = stop.start(new ProcessBuilder(command)
                    .directory(work.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .redirectInput(input.toFile()));
        } catch (IOException e) {
            throw failed(
                    "npm was not found, and it is needed once to fetch the embedded engine: install Node.js, which"
                            + " brings npm, or name a library with -D" + EngineLibrary.LIBRARY_PROPERTY,
                    e);
        }
        boolean ended = false;
        try {
            long begin = System.nanoTime();
            Pace pace = new Pace();
            while (!process.waitFor(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
                long bytes = FileTrees.size(downloaded);
                if (pace.isDue(seconds, bytes)) {
                    out.println("embedded engine: " + megabytes(bytes) + " after " + seconds + " s");
                }
            }
            ended = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the download of the embedded engine was interrupted; nothing was installed", e);
        } finally {
            if (!ended) {
                destroy(process);
            }
        }
        if (process.exitValue() != 0) {
            throw failed(
                    "npm could not fetch " + specification + " (exit code " + process.exitValue() + "): "
                            + reason(Files.readString(output, StandardCharsets.UTF_8), errors),
                    null);
        }
        Matcher integrity = INTEGRITY.matcher(Files.readString(output, StandardCharsets.UTF_8));
        if (!integrity.find()) {
            throw failed("npm reported no sha512 integrity for " + specification + ": nothing was installed", null);
        }
        return integrity.group(1);
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Path archive(Path work) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(work.resolve("archive"), "*.tgz")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw failed("npm ended without an archive; nothing was installed, try again", null);
    }

    private static String integrity(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-512", e);
        }
        byte[] buffer = new byte[1 << 20];
        try (InputStream input = Files.newInputStream(file)) {
            int read;
            while ((read = input.read(buffer)) > 0) {
                digest.update(buffer, 0, read);
            }
        }
        return "sha512-" + Base64.getEncoder().encodeToString(digest.digest());
    }

    /**
     * Takes the one file we need out of the archive. A reader for plain file entries is shorter than the set-up of an
     * archive library, and keeps that library out of what this class needs.
     */
    private void unpack(Path archive, Path library) throws IOException {
        try (InputStream input = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = new byte[TAR_BLOCK];
            while (input.readNBytes(header, 0, TAR_BLOCK) == TAR_BLOCK && header[0] != 0) {
                String name = text(header, 0, 100);
                long size = Long.parseLong(text(header, 124, 12).trim(), 8);
                long padded = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
                if (name.startsWith(LIBRARY_ENTRY)) {
                    copy(input, library, size);
                    return;
                }
                input.skipNBytes(padded);
            }
        }
        throw failed("the archive has no " + LIBRARY_ENTRY + "*: nothing was installed", null);
    }

    private void copy(InputStream input, Path library, long size) throws IOException {
        long begin = System.nanoTime();
        long shown = begin;
        long left = size;
        byte[] buffer = new byte[1 << 20];
        out.println("embedded engine: unpacking " + megabytes(size));
        try (OutputStream output = Files.newOutputStream(library, StandardOpenOption.CREATE_NEW)) {
            while (left > 0) {
                int read = input.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("the archive ends within the library");
                }
                output.write(buffer, 0, read);
                left -= read;
                long now = System.nanoTime();
                if (now - shown > TimeUnit.MILLISECONDS.toNanos(2 * PROGRESS_MILLIS)) {
                    shown = now;
                    out.println("embedded engine: " + megabytes(size - left) + " of " + megabytes(size) + " after "
                            + TimeUnit.NANOSECONDS.toSeconds(now - begin) + " s");
                }
            }
        }
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private FileLock lock(FileChannel channel) throws IOException {
        boolean said = false;
        while (true) {
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // another thread of this process has it
            }
            if (lock != null) {
                return lock;
            }
            if (!said) {
                said = true;
                out.println("embedded engine: waiting for another installer");
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed("waiting for another installer of the embedded engine was interrupted", e);
            }
        }
    }

    /** What a killed installer left; only called under the lock. */
    private void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, ".download-*")) {
            for (Path leftover : leftovers) {
                try {
                    FileTrees.delete(leftover);
                } catch (IOException e) {
                    // the npm of a killed installer may still be writing there
                    out.println("embedded engine: " + leftover + " cannot be removed now");
                }
            }
        }
    }

    /** What npm says in its answer, or else the first line of its errors, or the last of any other program's. */
    private static String reason(String answer, Path errors) throws IOException {
        Matcher summary = SUMMARY.matcher(answer);
        if (summary.find() && !summary.group(1).isBlank()) {
            return summary.group(1).replace("\\n", " ").replace("\\\"", "\"");
        }
        List<String> lines = Files.readString(errors, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        for (String line : lines) {
            if (line.startsWith("npm error") || line.startsWith("npm ERR!")) {
                return line;
            }
        }
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException("the cache file has a directory");
        }
        return parent;
    }

    private static String megabytes(long bytes) {
        return bytes / 1_000_000 + " MB";
    }

    private static BudMetricsException failed(String message, @Nullable Throwable cause) {
        return cause == null
                ? BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, message)
                : BudMetricsException.of(ErrorCode.DATABASE_UNAVAILABLE, message, cause);
    }
}
