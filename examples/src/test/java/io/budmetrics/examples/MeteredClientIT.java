package io.budmetrics.examples;

import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.StatementListener;
import io.budmetrics.clickhouse.StatementStats;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.time.Frequency;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a service sees in its own meters what the library does. */
@ExtendWith(ClickHouseExtension.class)
class MeteredClientIT {
    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
    private static final AnalyticsQuestion WEEK = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT)
            .between(MONDAY, MONDAY.plus(Duration.ofDays(7)))
            .every(Frequency.DAY)
            .build();

    /** A timer for each stage of a statement, and one for failures by their code. */
    private record Meters(MeterRegistry registry) implements StatementListener {
        @Override
        public void succeeded(StatementStats stats) {
            stage("build").record(stats.times().build());
            stage("waiting").record(stats.times().waiting());
            stage("transfer").record(stats.times().transfer());
            stage("map").record(stats.times().map());
        }

        @Override
        public void failed(BudMetricsException failure, Duration took, Map<String, String> tags) {
            failures(failure.code().name()).record(took);
        }

        Timer stage(String stage) {
            return registry.timer("budmetrics.statements", "stage", stage);
        }

        Timer failures(String code) {
            return registry.timer("budmetrics.failures", "code", code);
        }
    }

    @Test
    void everyStatementIsMetered(TestServer server) {
        DataSource dataSource = server.newDatabase().dataSource();
        Meters meters = new Meters(new SimpleMeterRegistry());
        try (BudMetrics client =
                BudMetrics.builder().dataSource(dataSource).listener(meters).build()) {
            assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> client.execute(WEEK));
            assertThat(meters.failures("SCHEMA_MISMATCH").count()).isEqualTo(1);

            SchemaMigrator.over(dataSource).migrate();
            assertThat(client.execute(WEEK).rows()).hasSize(7);

            for (String stage : new String[] {"build", "waiting", "transfer", "map"}) {
                assertThat(meters.stage(stage).count()).as(stage).isEqualTo(1);
            }
            assertThat(meters.stage("waiting").totalTime(TimeUnit.NANOSECONDS)).isPositive();
        }
    }
}
