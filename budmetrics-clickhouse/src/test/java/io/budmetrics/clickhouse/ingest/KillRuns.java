package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metrics;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/** Batches that can be told from each other, and where they are found in the answers. */
final class KillRuns {
    static final int BATCH = 400;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private KillRuns() {}

    /** How many times to kill: few in a build, more by a property. */
    static int count() {
        return Integer.getInteger("budmetrics.kills", 5);
    }

    static UUID project(int run) {
        return new UUID(0x9000, run);
    }

    /** The batch with this number of a run: the same whoever makes it. */
    static List<InferenceRecord> batch(int run, int number) {
        List<InferenceRecord> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            long position = (long) number * BATCH + i;
            batch.add(InferenceRecord.builder()
                    .inferenceId(new UUID(run, position))
                    .projectId(project(run))
                    .requestArrivalTime(START.plus(position, ChronoUnit.MICROS))
                    .modelName("model " + i % 7)
                    .inputTokens(i)
                    .errorMessage("row " + position + " of run " + run)
                    .build());
        }
        return batch;
    }

    /** How many inferences of each batch are stored, duplicates not counted twice. */
    static Map<Integer, Long> stored(DriverClient driver, int run) {
        Columns columns = driver.query(
                "SELECT intDiv(toUnixTimestamp64Micro(request_arrival_time) - " + START.getEpochSecond() * 1_000_000
                        + ", " + BATCH + ") AS batch, count() AS n FROM InferenceFact FINAL"
                        + " WHERE project_id = {project:UUID} GROUP BY batch ORDER BY batch",
                List.of(SqlParameter.of("project", project(run))));
        Map<Integer, Long> stored = new TreeMap<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            stored.put((int) columns.longAt(0, row), columns.longAt(1, row));
        }
        return stored;
    }

    /** How many rows of a run are stored, duplicates counted as often as they are there. */
    static long rows(DriverClient driver, int run) {
        return driver.query(
                        "SELECT count() AS n FROM InferenceFact WHERE project_id = {project:UUID}",
                        List.of(SqlParameter.of("project", project(run))))
                .longAt(0, 0);
    }

    /** What the library answers: each run has the inferences of so many batches, once. */
    static void assertAnswer(DataSource dataSource, Map<Integer, Integer> batches) {
        try (BudMetrics budMetrics = BudMetrics.over(dataSource)) {
            Map<UUID, Long> counts = new TreeMap<>();
            budMetrics
                    .execute(QueryBuilder.analytics()
                            .metrics(Metrics.REQUEST_COUNT)
                            .between(START, START.plus(1, ChronoUnit.HOURS))
                            .groupBy(Dimension.PROJECT)
                            .build())
                    .rows()
                    .forEach(row -> counts.merge(
                            row.group().get(Dimension.PROJECT).orElseThrow(),
                            row.get(Metrics.REQUEST_COUNT).count(),
                            Long::sum));
            Map<UUID, Long> expected = new TreeMap<>();
            batches.forEach((run, n) -> expected.put(project(run), (long) n * BATCH));
            assertThat(counts).isEqualTo(expected);
        }
    }
}
