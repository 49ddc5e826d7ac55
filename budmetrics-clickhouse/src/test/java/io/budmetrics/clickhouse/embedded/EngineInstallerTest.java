package io.budmetrics.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installer with a script in npm's place: no network. */
class EngineInstallerTest {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    private Path cache;
    private FakeNpm npm;
    private EngineLibrary places;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void fakes() throws IOException {
        cache = directory.resolve("the cache");
        npm = new FakeNpm(directory);
        places = npm.places(cache);
    }

    @Test
    void installsWhatIsPinned() throws Exception {
        assertThat(install()).isEqualTo(places.cacheFile());
        assertInstalled();
        assertThat(npm.calls())
                .singleElement()
                .asString()
                .startsWith("pack @fake/lib@" + EnginePackage.VERSION + " --json --ignore-scripts ");
        assertThat(output())
                .contains("downloading @fake/lib@", "(178 MB)", "verifying ", "unpacking ", "installed " + cache);
    }

    @Test
    void filledCacheNeedsNoNpm() throws Exception {
        install();
        EngineInstaller offline = new EngineInstaller(places, List.of("/no/such/npm"), printer());
        assertThat(offline.run()).isEqualTo(places.cacheFile());
        assertThat(output()).contains("found " + cache);
        assertThat(npm.calls()).hasSize(1);
    }

    @Test
    void progressIsShownWhileNpmWorks() throws Exception {
        // npm ends when progress was shown
        npm.behave("mkdir \"$8\"; dd if=/dev/zero of=\"$8/part\" bs=1000 count=2000 2>/dev/null\n"
                + "while [ ! -e \"$home/shown\" ]; do sleep 0.05; done\ndeliver");
        PrintStream printer = new PrintStream(printed, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                super.println(line);
                // more than once on a busy machine
                Path shown = directory.resolve("shown");
                if (line.matches("embedded engine: 2 MB after \\d+ s") && Files.notExists(shown)) {
                    create(shown);
                }
            }
        };
        new EngineInstaller(places, npm.command(), printer).run();
        assertInstalled();
    }

    @Test
    void pace_nothingArrives_fewLines() {
        EngineInstaller.Pace stuck = new EngineInstaller.Pace();
        assertThat(LongStream.rangeClosed(1, 70).filter(second -> stuck.isDue(second, 0)))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L);
        EngineInstaller.Pace steady = new EngineInstaller.Pace();
        assertThat(LongStream.rangeClosed(1, 20).filter(second -> steady.isDue(second, second * 5_000_000)))
                .containsExactly(1L, 2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L, 20L);
    }

    @Test
    void anotherIntegrityThanThePinnedIsRefused() throws Exception {
        byte[] other = FakeNpm.LIBRARY.clone();
        other[0]++;
        npm.archive(FakeNpm.tar("package/package.json", new byte[1], "package/libchdb.so", other));
        assertRefused("npm reports a different integrity for @fake/lib@", "than the pinned one");
    }

    @Test
    void anArchiveThatIsNotWhatNpmStatesIsRefused() throws Exception {
        String pinned = npm.integrity();
        npm.archive(FakeNpm.tar("package/package.json", new byte[1], "package/libchdb.so", new byte[10]));
        npm.states(pinned);
        assertRefused("the archive of @fake/lib@", "does not match its integrity", "try again");
    }

    @Test
    void anArchiveOfNoUseIsRefused() throws Exception {
        npm.archive(FakeNpm.tar("package/package.json", new byte[1], "package/other.so", FakeNpm.LIBRARY));
        places = npm.places(cache);
        assertRefused("the archive has no package/libchdb.*");

        npm.archive(FakeNpm.tar("package/package.json", new byte[1], "package/libchdb.so", new byte[10]));
        places = npm.places(cache);
        assertRefused("has 10 bytes, which is not its size");

        byte[] tar = FakeNpm.tar("package/package.json", new byte[1], "package/libchdb.so", FakeNpm.LIBRARY);
        npm.archive(Arrays.copyOf(tar, 50_000));
        places = npm.places(cache);
        assertRefused("could not be installed in " + cache, "the archive ends within the library");

        npm.behave("cat \"$home/stated.json\"");
        assertRefused("npm ended without an archive");

        npm.behave("echo '[]'");
        assertRefused("npm reported no sha512 integrity for @fake/lib@");
    }

    @Test
    void packageThatIsNotPinnedIsTakenAsNpmStatesIt() throws Exception {
        places = FakeNpm.places(cache, new EnginePackage("@fake/lib", Optional.empty(), OptionalLong.empty()));
        install();
        assertInstalled();
        assertThat(output()).contains("the integrity of @fake/lib is not pinned", "this platform is untried");

        Files.delete(places.cacheFile());
        npm.states("sha512-AAAA");
        assertRefused("the archive of @fake/lib@", "does not match its integrity");
    }

    @Test
    void missingNpmIsOneLineThatSaysHowToGetIt() throws Exception {
        EngineInstaller installer = new EngineInstaller(places, List.of("/no/such/npm"), printer());
        assertThatThrownBy(installer::run).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(e.getMessage())
                    .contains("npm was not found")
                    .contains("install Node.js, which brings npm", "-Dbudmetrics.chdb.library")
                    .doesNotContain("\n");
        });
        assertNothingUsable();
    }

    @Test
    void npmsOwnReasonIsGiven() throws Exception {
        npm.behave(
                "echo '{\"error\": {\"code\": \"E1\", \"summary\": \"request to x failed:\\\\n\\\"no\\\" route\"}}'\n"
                        + "echo 'npm error code E1' >&2\nexit 7");
        assertRefused("npm could not fetch @fake/lib@" + EnginePackage.VERSION
                + " (exit code 7): request to x failed: \"no\" route");
        npm.behave("echo 'npm warn old' >&2; echo 'npm error code E2' >&2; echo 'npm error a log' >&2; exit 1");
        assertRefused("(exit code 1): npm error code E2");
        npm.behave("echo 'sh: something else' >&2; exit 127");
        assertRefused("(exit code 127): sh: something else");
        npm.behave("exit 1");
        assertRefused("(exit code 1): it said nothing");
    }

    @Test
    void interruptedInstallerLeavesNothingAndTheNextSucceeds() throws Exception {
        npm.behave("echo half > \"$6/lib.tgz\"\ntouch \"$home/started\"\nsleep 600");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread installer = new Thread(() -> {
            try {
                install();
            } catch (BudMetricsException e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : null);
            }
        });
        installer.start();
        await(() -> Files.exists(directory.resolve("started")));
        installer.interrupt();
        installer.join(TimeUnit.NANOSECONDS.toMillis(WAIT_NANOS));
        assertThat(thrown.get()).hasMessageContaining("was interrupted; nothing was installed");
        long process = npm.lastProcess();
        await(() -> isGone(process));
        assertNothingUsable();

        npm.behave("deliver");
        install();
        assertInstalled();
    }

    @Test
    void stoppedInstallerTakesNpmAndItsFilesAlong() throws Exception {
        npm.behave("echo half > \"$6/lib.tgz\"\ntouch \"$home/started\"\nsleep 600");
        Process installer = startInstaller();
        await(() -> Files.exists(directory.resolve("started")));
        // as Ctrl-C does
        installer.destroy();
        assertThat(installer.waitFor(WAIT_NANOS, TimeUnit.NANOSECONDS)).isTrue();
        long process = npm.lastProcess();
        await(() -> isGone(process));
        assertNothingUsable();
    }

    @Test
    void killedInstallerLeavesNothingUsableAndTheNextSucceeds() throws Exception {
        npm.behave("cp \"$home/lib.tgz\" \"$6/lib.tgz\"\ntouch \"$home/started\"\nexec sleep 600");
        Process installer = startInstaller();
        await(() -> Files.exists(directory.resolve("started")));
        installer.destroyForcibly();
        assertThat(installer.waitFor(WAIT_NANOS, TimeUnit.NANOSECONDS)).isTrue();
        try {
            assertThat(places.find(null)).isEmpty();
            assertThat(files()).anyMatch(name -> name.startsWith(".download-"));
        } finally {
            // nobody is left who could stop it
            ProcessHandle.of(npm.lastProcess()).ifPresent(ProcessHandle::destroyForcibly);
        }

        npm.behave("deliver");
        install();
        assertInstalled();
    }

    @Test
    void leftoversAreRemovedAndAWrongLibraryIsReplaced() throws Exception {
        Path leftover = places.cacheFile().resolveSibling(".download-123/npm-cache");
        Files.createDirectories(leftover);
        Files.writeString(leftover.resolve("part"), "half");
        Files.writeString(places.cacheFile(), "half");
        assertThat(places.find(null)).isEmpty();
        install();
        assertInstalled();
    }

    @Test
    void installersOfOneProcessWaitForEachOther() throws Exception {
        npm.behave("while [ ! -e \"$home/go\" ]; do sleep 0.05; done\ndeliver");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Path>> installed =
                    new ArrayList<>(List.of(threads.submit(this::install), threads.submit(this::install)));
            await(() -> output().contains("waiting for another installer"));
            Files.createFile(directory.resolve("go"));
            for (Future<Path> path : installed) {
                assertThat(path.get(WAIT_NANOS, TimeUnit.NANOSECONDS)).isEqualTo(places.cacheFile());
            }
        } finally {
            threads.shutdownNow();
        }
        assertInstalled();
        assertThat(npm.calls()).hasSize(1);
    }

    @Test
    void installersOfTwoProcessesWaitForEachOther() throws Exception {
        npm.behave("touch \"$home/started\"\nwhile [ ! -e \"$home/go\" ]; do sleep 0.05; done\ndeliver");
        Process other = startInstaller();
        try {
            await(() -> Files.exists(directory.resolve("started")));
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<Path> installed = thread.submit(this::install);
                await(() -> output().contains("waiting for another installer"));
                Files.createFile(directory.resolve("go"));
                assertThat(installed.get(WAIT_NANOS, TimeUnit.NANOSECONDS)).isEqualTo(places.cacheFile());
            } finally {
                thread.shutdownNow();
            }
            assertThat(other.waitFor(WAIT_NANOS, TimeUnit.NANOSECONDS)).isTrue();
            assertThat(other.exitValue()).isZero();
        } finally {
            other.destroyForcibly();
        }
        assertInstalled();
        assertThat(npm.calls()).hasSize(1);
    }

    @Test
    void unusableCacheDirectoryIsNamed() throws Exception {
        Files.writeString(cache, "a file");
        assertThatThrownBy(this::install)
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("the embedded engine could not be installed in " + cache);
        assertThat(npm.calls()).isEmpty();
    }

    /** An installer in a process of its own; its arguments are the directory of the script and the cache. */
    static final class Installer {
        private Installer() {}

        public static void main(String[] arguments) throws IOException {
            Path home = Path.of(arguments[0]);
            EnginePackage engine =
                    new EnginePackage("@fake/lib", Optional.of(arguments[2]), OptionalLong.of(FakeNpm.LIBRARY.length));
            EngineLibrary places = FakeNpm.places(Path.of(arguments[1]), engine);
            new EngineInstaller(
                            places, List.of("/bin/sh", home.resolve("npm.sh").toString()), System.out)
                    .run();
        }
    }

    private Process startInstaller() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Installer.class.getName(),
                        directory.toString(),
                        cache.toString(),
                        npm.integrity())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("installer.log").toFile())
                .start();
    }

    private Path install() {
        return new EngineInstaller(places, npm.command(), printer()).run();
    }

    private PrintStream printer() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void assertRefused(String... parts) throws IOException {
        assertThatThrownBy(this::install).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
            assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
        });
        assertNothingUsable();
    }

    private void assertInstalled() throws IOException {
        assertThat(places.find(null)).contains(places.cacheFile());
        assertThat(places.cacheFile()).hasBinaryContent(FakeNpm.LIBRARY);
        assertThat(files()).containsExactlyInAnyOrder(".lock", EngineLibrary.FILE);
    }

    private void assertNothingUsable() throws IOException {
        assertThat(places.find(null)).isEmpty();
        assertThat(files()).containsExactly(".lock");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(places.cacheFile().getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static boolean isGone(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited 60 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
