package io.budmetrics.clickhouse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random faults, each with the code, the time and the rows that the guide promises, and nothing left behind. More of
 * them: <code>-Dbudmetrics.faults=10000</code>; a scene that failed alone: <code>-Dbudmetrics.faults.seed</code> with the
 * seed it printed and <code>-Dbudmetrics.faults=20</code>.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class RandomFaultsTest {
    private static final int FAULTS = Integer.getInteger("budmetrics.faults", 500);
    private static final long FIRST_SEED = Long.getLong("budmetrics.faults.seed", 1);
    private static final int FAULTS_A_SCENE = 20;
    private static final int SCENES_AT_ONCE = 8;

    /** The first calls of the driver open what the JVM keeps. */
    @BeforeAll
    static void openWhatStays() {
        assertThat(new Scene(0, new Scene.Size(FAULTS_A_SCENE, 1, 1), new Tally()).run())
                .isEmpty();
    }

    @Test
    void everyFaultEndsAsItShouldAndLeavesNothing() throws Exception {
        Tally tally = new Tally();
        long before = openSockets();
        ExecutorService threads = Executors.newFixedThreadPool(SCENES_AT_ONCE);
        List<String> problems = new ArrayList<>();
        try {
            List<Future<List<String>>> scenes = new ArrayList<>();
            for (int i = 0; i < Math.max(1, FAULTS / FAULTS_A_SCENE); i++) {
                // every fourth has a few threads that meet at the connections
                Scene.Size size = new Scene.Size(FAULTS_A_SCENE, i % 4 == 3 ? 5 : 1, 0);
                long seed = FIRST_SEED + i;
                scenes.add(threads.submit(() -> new Scene(seed, size, tally).run()));
            }
            for (Future<List<String>> scene : scenes) {
                problems.addAll(scene.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(problems).isEmpty();
        assertNothingIsLeft(before);
        System.out.println(tally);
    }

    @Test
    void twoHundredThreadsOnFewConnections() throws Exception {
        Tally tally = new Tally();
        long before = openSockets();
        assertThat(new Scene(FIRST_SEED + 1_000_000, new Scene.Size(200, 200, 4), tally).run())
                .isEmpty();
        assertThat(tally.total()).isEqualTo(200);
        assertNothingIsLeft(before);
    }

    /** A watchdog without work lingers for two seconds, and a KILL that nobody answers for five. */
    private static void assertNothingIsLeft(long socketsBefore) throws Exception {
        long start = System.nanoTime();
        while ((!ourThreads().isEmpty() || openSockets() > socketsBefore)
                && System.nanoTime() - start < Scene.SLACK.toNanos()) {
            Thread.sleep(20);
        }
        assertThat(ourThreads()).isEmpty();
        assertThat(openSockets()).isLessThanOrEqualTo(socketsBefore);
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("budmetrics-"))
                .toList();
    }

    /** Of this process, where the system tells; else 0. */
    private static long openSockets() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.filter(RandomFaultsTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // closed just now
            return false;
        }
    }
}
