package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.Series;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be added up says of fine periods together what it says of coarse ones. */
@ExtendWith(ClickHouseExtension.class)
final class CoarserPeriodsIT {
    private static final Metric<?>[] ADDITIVE = Metrics.all().stream()
            .filter(metric -> metric.additivity() == Additivity.BUCKETS_AND_GROUPS)
            .toArray(Metric<?>[]::new);

    @Test
    void additiveMetrics_areSeveral() {
        assertThat(ADDITIVE).hasSizeGreaterThanOrEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void days_addUpToYears(long seed, TestServer server) {
        try (TrafficTable table = TrafficTable.in(server.newDatabase().dataSource())) {
            table.hold(RandomTraffic.table(seed));
            int year = RandomTraffic.CENTRE.atOffset(ZoneOffset.UTC).getYear();
            AnalyticsBuilder question = QueryBuilder.analytics()
                    .metrics(ADDITIVE)
                    .between(start(year - 1), start(year + 2))
                    .traffic(TrafficSource.ALL)
                    .groupBy(Dimension.MODEL);
            AnalyticsAnswer days = table.ask(question.every(Frequency.DAY).build());
            AnalyticsAnswer years = table.ask(question.every(Frequency.YEAR).build());

            assertThat(days.groups()).isNotEmpty().isEqualTo(years.groups());
            for (int group = 0; group < days.groups().size(); group++) {
                for (Metric<?> metric : ADDITIVE) {
                    same(days.series().get(group), years.series().get(group), metric);
                }
            }
        }
    }

    /** At the end of each year, which for the last one may be today. */
    private static <V extends MetricValue> void same(Series days, Series years, Metric<V> metric) {
        List<V> daily = days.runningTotals(metric);
        List<V> yearly = years.runningTotals(metric);
        int day = 0;
        for (int year = 0; year < yearly.size(); year++) {
            Instant end = years.rows().get(year).bucket().to();
            while (day + 1 < daily.size() && days.rows().get(day).bucket().to().isBefore(end)) {
                day++;
            }
            assertThat(daily.get(day)).as("%s in year %d", metric, year).isEqualTo(yearly.get(year));
        }
        assertThat(days.total(metric)).as(metric.name()).isEqualTo(years.total(metric));
    }

    private static Instant start(int year) {
        return Instant.parse(year + "-01-01T00:00:00Z");
    }
}
