package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.jdbc.DataSourceImpl;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.LayoutWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.LayoutTables;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Frequency;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever zone the server or the session thinks it is in: what is written and answered is the same. */
@ExtendWith(ClickHouseExtension.class)
final class SessionZonesIT {
    private static final List<String> ZONES = List.of("UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia");

    /** Over a change of the clocks, in Berlin and in St. John's. */
    private static final SyntheticTraffic TRAFFIC = SyntheticTraffic.builder()
            .records(1_500)
            .between(Instant.parse("2026-03-07T00:00:00Z"), Instant.parse("2026-03-31T00:00:00Z"))
            .build();

    private static DataSource in(String zone, TestServer server) {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("database", server.database());
        properties.setProperty("clickhouse_setting_session_timezone", zone);
        return new DataSourceImpl("jdbc:clickhouse:" + server.httpUrl() + "/", properties);
    }

    private static AnalyticsQuestion question(Frequency frequency, String zone) {
        return QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT, Metrics.LATENCY, Metrics.COST, Metrics.CONCURRENT_REQUESTS)
                .between(TRAFFIC.from(), TRAFFIC.until())
                .every(frequency)
                .in(ZoneId.of(zone))
                .groupBy(Dimension.PROJECT)
                .withDelta()
                .build()
                .asOf(TRAFFIC.until());
    }

    @Test
    void sessionTimeZone_changesNoAnswer(TestServer source) {
        TestServer server = source.newDatabase();
        SchemaMigrator.over(server.dataSource()).migrate();
        LayoutTables.over(server.dataSource()).createTensorZero();
        try (InferenceWriter writer = InferenceWriter.over(in("Asia/Kolkata", server));
                LayoutWriter layoutWriter = LayoutWriter.over(in("America/St_Johns", server), Layout.tensorzero())) {
            TRAFFIC.writeTo(writer, done -> {});
            TRAFFIC.writeTo(layoutWriter, Instant.MIN, done -> {});
        }
        for (Layout layout : List.of(Layout.inferenceFact(), Layout.tensorzero())) {
            for (AnalyticsQuestion question : List.of(
                    question(Frequency.every(1, Frequency.Unit.DAY), "Europe/Berlin"),
                    question(Frequency.every(6, Frequency.Unit.HOUR), "UTC"),
                    question(Frequency.every(1, Frequency.Unit.WEEK), "Asia/Kolkata"))) {
                AnalyticsAnswer expected = null;
                for (String zone : ZONES) {
                    try (BudMetrics client = BudMetrics.builder()
                            .dataSource(in(zone, server))
                            .layout(layout)
                            .build()) {
                        String epoch = client.execute(SqlStatement.of(
                                "SELECT toString(toDateTime(0)) AS a", List.of(), columns -> columns.textAt(0, 0)));
                        assertThat(epoch).as("the server takes the zone").isEqualTo(epochIn(zone));
                        AnalyticsAnswer answer = client.execute(question);
                        expected = expected == null ? answer : expected;
                        assertThat(answer).as(zone).isEqualTo(expected);
                    }
                }
                assertThat(Objects.requireNonNull(expected).rows().stream()
                                .mapToLong(row -> row.get(Metrics.REQUEST_COUNT).count())
                                .sum())
                        .isGreaterThan(1_000);
            }
        }
    }

    private static String epochIn(String zone) {
        return LocalDateTime.ofInstant(Instant.EPOCH, ZoneId.of(zone))
                .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));
    }
}
