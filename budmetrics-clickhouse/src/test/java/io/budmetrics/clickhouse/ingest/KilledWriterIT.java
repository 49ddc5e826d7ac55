package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A writing process is killed at a random moment, again and again. */
@ExtendWith(ClickHouseExtension.class)
final class KilledWriterIT {
    private static final long SEED = 20_261_124;

    @Test
    void whatAKilledProcessReportedIsThereOnceAndTheRestCanBeWrittenAgain(TestServer server) throws Exception {
        TestServer database = server.newDatabase();
        SchemaMigrator.over(database.dataSource()).migrate();
        SplittableRandom random = new SplittableRandom(SEED);
        Map<Integer, Integer> batches = new TreeMap<>();
        int inDoubt = 0;
        int arrived = 0;
        try (DriverClient driver = DriverClient.over(database.dataSource());
                InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            for (int run = 0; run < KillRuns.count(); run++) {
                boolean buffered = run % 2 == 1;
                int reported = reportedUntilKilled(database, run, buffered, random);
                Map<Integer, Long> stored = KillRuns.stored(driver, run);
                for (int number = 0; number < reported; number++) {
                    assertThat(stored).as("run %d of seed %d", run, SEED).containsEntry(number, (long) KillRuns.BATCH);
                }
                // one batch may have been on its way; written directly it is there whole or not at all
                long doubtful = stored.getOrDefault(reported, 0L);
                assertThat(stored.keySet()).allMatch(number -> number <= reported);
                if (!buffered) {
                    assertThat(doubtful).isIn(0L, (long) KillRuns.BATCH);
                }
                inDoubt++;
                arrived += doubtful > 0 ? 1 : 0;
                writer.write(KillRuns.batch(run, reported));
                batches.put(run, reported + 1);
                long expected = (reported + 1L) * KillRuns.BATCH;
                assertThat(KillRuns.stored(driver, run).values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(expected);
            }
            KillRuns.assertAnswer(database.dataSource(), batches);
            driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
            KillRuns.assertAnswer(database.dataSource(), batches);
        }
        System.out.printf(
                "killed %d writing processes; %d batches reported, %d in doubt of which %d had arrived%n",
                batches.size(),
                batches.values().stream().mapToInt(Integer::intValue).sum() - inDoubt,
                inDoubt,
                arrived);
    }

    /** How many batches the process said were stored. It is killed some time after a few of them, or before the first. */
    private static int reportedUntilKilled(TestServer server, int run, boolean buffered, SplittableRandom random)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WriterProcess.class.getName(),
                server.httpUrl(),
                server.database(),
                server.user(),
                Integer.toString(run),
                Boolean.toString(buffered));
        builder.environment().put("PASSWORD", server.password());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo(WriterProcess.READY);
            int reported = 0;
            for (int few = random.nextInt(6); reported < few; reported++) {
                assertThat(lines.readLine()).isEqualTo(WriterProcess.STORED + reported);
            }
            Thread.sleep(random.nextInt(100));
            // by its handle, since Process would close what is still to be read
            assertThat(process.toHandle().destroyForcibly()).isTrue();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // the last line may be cut
                if (line.equals(WriterProcess.STORED + reported)) {
                    reported++;
                }
            }
            return reported;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
