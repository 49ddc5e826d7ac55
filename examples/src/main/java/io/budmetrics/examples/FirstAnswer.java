package io.budmetrics.examples;

import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;

import io.budmetrics.QueryBuilder;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ClickHouseConfig;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The least a service does: it creates the table, writes one inference, asks about the last hour and prints the answer. */
final class FirstAnswer {
    public static void main(String[] arguments) {
        ClickHouseConfig config = ClickHouseConfig.fromEnvironment(System.getenv()); // CLICKHOUSE_HOST and its like
        SchemaMigrator.over(config.toDataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(config.toDataSource());
                BudMetrics budMetrics = BudMetrics.connect(config)) {
            InferenceRecord.Builder inference = InferenceRecord.builder().inferenceId(UUID.randomUUID());
            inference.requestArrivalTime(Instant.now()).responseTime(Duration.ofMillis(840));
            writer.write(List.of(inference.build()));
            var lastHour =
                    QueryBuilder.analytics().metrics(REQUEST_COUNT, LATENCY).every(Frequency.WHOLE_RANGE);
            var question =
                    lastHour.since(Instant.now().minus(Duration.ofHours(1))).build();
            for (var row : budMetrics.execute(question).rows()) {
                System.out.println(row.get(REQUEST_COUNT).count() + " requests, p99 in ms: "
                        + row.get(LATENCY).percentile(0.99)); // OptionalDouble: empty when nothing was measured
            }
        }
    }
}
