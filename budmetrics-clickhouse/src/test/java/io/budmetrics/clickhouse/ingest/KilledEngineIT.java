package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.embedded.EmbeddedClickHouse;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine is killed at a random moment while several threads write, and started again, again and again. */
final class KilledEngineIT {
    private static final long SEED = 20_261_124;
    private static final int WRITERS = 3;

    @TempDir
    private Path directory;

    @Test
    void whatWasReportedIsThereOnceAndWhatWasInDoubtOnceItIsWrittenAgain() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Integer, Integer> batches = new TreeMap<>();
        int inDoubt = 0;
        int arrived = 0;
        long copies = 0;
        EmbeddedClickHouse engine = engine(0);
        int port = engine.port();
        try {
            SchemaMigrator.over(engine.dataSource()).migrate();
            for (int run = 0; run < KillRuns.count(); run++) {
                // in every other run the writer has the time to wait for the engine
                boolean patient = run % 2 == 0;
                Writing writing = new Writing(engine.dataSource(), run, patient);
                int few = random.nextInt(10);
                // on a busy machine an impatient writer may give up before it has written so many
                while (writing.written.size() < few && writing.unknown.isEmpty()) {
                    Thread.sleep(1);
                }
                Thread.sleep(random.nextInt(100));
                kill(engine);
                engine = engine(port);
                writing.end();

                try (DriverClient driver = DriverClient.over(engine.dataSource());
                        InferenceWriter writer = InferenceWriter.over(engine.dataSource())) {
                    Map<Integer, Long> stored = KillRuns.stored(driver, run);
                    for (int number : writing.written) {
                        assertThat(stored).as("run %d of seed %d", run, SEED).containsEntry(number, (long)
                                KillRuns.BATCH);
                    }
                    if (patient) {
                        assertThat(writing.unknown).isEmpty();
                    }
                    for (Map.Entry<Integer, Unwritten> doubtful : writing.unknown.entrySet()) {
                        inDoubt++;
                        arrived += stored.containsKey(doubtful.getKey()) ? 1 : 0;
                        assertThat(stored.getOrDefault(doubtful.getKey(), 0L)).isIn(0L, (long) KillRuns.BATCH);
                        writer.write(doubtful.getValue().records());
                    }
                    int begun = writing.next.get();
                    batches.put(run, begun);
                    assertThat(KillRuns.stored(driver, run).values())
                            .hasSize(begun)
                            .containsOnly((long) KillRuns.BATCH);
                    copies += KillRuns.rows(driver, run) - (long) begun * KillRuns.BATCH;
                    if (run % 10 == 9) {
                        driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
                        assertThat(KillRuns.rows(driver, run)).isEqualTo((long) begun * KillRuns.BATCH);
                    }
                }
                KillRuns.assertAnswer(engine.dataSource(), batches);
            }
        } finally {
            engine.close();
        }
        System.out.printf(
                "killed %d engines; %d batches, %d in doubt of which %d had arrived; %d rows were there twice before a merge%n",
                batches.size(),
                batches.values().stream().mapToInt(Integer::intValue).sum(),
                inDoubt,
                arrived,
                copies);
    }

    private EmbeddedClickHouse engine(int port) {
        Set<Long> before = children();
        EmbeddedClickHouse engine = EmbeddedClickHouse.builder()
                .dataDirectory(directory.resolve("data"))
                .password("test")
                .port(port)
                .start();
        Set<Long> started = children();
        started.removeAll(before);
        assertThat(started).hasSize(1);
        process = ProcessHandle.of(started.iterator().next()).orElseThrow();
        return engine;
    }

    private @Nullable ProcessHandle process;

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private void kill(EmbeddedClickHouse engine) throws Exception {
        ProcessHandle running = process;
        assertThat(running).isNotNull();
        assertThat(running.destroyForcibly()).isTrue();
        ProcessHandle ended = running.onExit().get();
        assertThat(ended.isAlive()).isFalse();
        engine.close();
    }

    /** Threads that write one batch after the other until they are told to end. */
    private static final class Writing {
        private final AtomicInteger next = new AtomicInteger();
        private final Set<Integer> written = new ConcurrentSkipListSet<>();
        private final Map<Integer, Unwritten> unknown = new ConcurrentHashMap<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        private final List<Future<?>> ends = new ArrayList<>();
        private final InferenceWriter writer;
        private volatile boolean ending;

        Writing(DataSource dataSource, int run, boolean patient) {
            writer = InferenceWriter.builder(dataSource)
                    .timeout(patient ? Duration.ofMinutes(5) : Duration.ofMillis(200))
                    .build();
            for (int i = 0; i < WRITERS; i++) {
                ends.add(threads.submit(() -> {
                    // a writer that gives up at once would otherwise run through the whole outage
                    while (!ending && unknown.size() < 2 * WRITERS) {
                        int number = next.getAndIncrement();
                        WriteResult result = writer.tryWrite(KillRuns.batch(run, number));
                        assertThat(result.refused()).isZero();
                        if (result.complete()) {
                            written.add(number);
                        } else {
                            assertThat(result.unknown()).isEqualTo(KillRuns.BATCH);
                            unknown.put(number, result.unwritten().get(0));
                        }
                    }
                }));
            }
        }

        void end() throws Exception {
            ending = true;
            for (Future<?> end : ends) {
                assertThat(end.get()).isNull();
            }
            threads.shutdown();
            writer.close();
        }
    }
}
