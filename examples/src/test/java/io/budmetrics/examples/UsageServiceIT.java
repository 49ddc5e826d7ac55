package io.budmetrics.examples;

import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.filter.Dimension;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a service that uses the library tests itself: a database of its own, a few requests, and its answer. */
@ExtendWith(ClickHouseExtension.class)
class UsageServiceIT {
    private static final UUID PROJECT = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID OTHER = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-03-03T00:00:00Z");
    private static final Instant WEDNESDAY = Instant.parse("2026-03-04T00:00:00Z");

    private static DataSource dataSource;

    @BeforeAll
    static void writeAFewRequests(TestServer server) {
        dataSource = server.newDatabase().dataSource();
        SchemaMigrator.over(dataSource).migrate();
        try (InferenceWriter writer = InferenceWriter.over(dataSource)) {
            writer.write(List.of(
                    request(PROJECT, MONDAY, Duration.ofMillis(100), "0.25"),
                    request(PROJECT, MONDAY.plusSeconds(3600), Duration.ofMillis(300), "0.50"),
                    request(PROJECT, TUESDAY.minusNanos(1000), Duration.ofMillis(200), "0.25"),
                    request(OTHER, MONDAY, Duration.ofMillis(9000), "9")));
        }
    }

    private static InferenceRecord request(UUID project, Instant arrival, Duration latency, String cost) {
        return InferenceRecord.builder()
                .inferenceId(UUID.randomUUID())
                .projectId(project)
                .requestArrivalTime(arrival)
                .responseTime(latency)
                .cost(new BigDecimal(cost))
                .build();
    }

    @Test
    void theDaysOfAProject() {
        try (BudMetrics budMetrics = BudMetrics.over(dataSource)) {
            List<Day> days = new UsageService(budMetrics).days(PROJECT, MONDAY, WEDNESDAY);

            assertThat(days).extracting(Day::begin).containsExactly(MONDAY, TUESDAY);
            Day monday = days.get(0);
            assertThat(monday.requests()).isEqualTo(3);
            assertThat(monday.medianMillis()).hasValue(200);
            assertThat(monday.cost().orElseThrow()).isEqualByComparingTo("1");
            // nothing arrived on Tuesday: nothing was spent, and there is no latency, not one of zero
            Day tuesday = days.get(1);
            assertThat(tuesday.requests()).isZero();
            assertThat(tuesday.medianMillis()).isEmpty();
            assertThat(tuesday.cost().orElseThrow()).isEqualByComparingTo("0");
        }
    }

    /** What the service tells of a day; a value that was not measured is empty. */
    record Day(Instant begin, long requests, OptionalDouble medianMillis, Optional<BigDecimal> cost) {}

    /** The service: one question of its own, and the answer in its own words. */
    static final class UsageService {
        private final BudMetrics budMetrics;

        UsageService(BudMetrics budMetrics) {
            this.budMetrics = budMetrics;
        }

        List<Day> days(UUID project, Instant from, Instant to) {
            AnalyticsQuestion question = QueryBuilder.analytics()
                    .metrics(REQUEST_COUNT, LATENCY.withPercentiles(0.5), COST)
                    .between(from, to)
                    .every(Frequency.DAY)
                    .where(Dimension.PROJECT.is(project))
                    .build();
            return budMetrics.execute(question).rows().stream()
                    .map(UsageService::day)
                    .toList();
        }

        private static Day day(Row row) {
            return new Day(
                    row.bucket().from(),
                    row.get(REQUEST_COUNT).count(),
                    row.get(LATENCY).percentile(0.5),
                    row.get(COST).total());
        }
    }
}
