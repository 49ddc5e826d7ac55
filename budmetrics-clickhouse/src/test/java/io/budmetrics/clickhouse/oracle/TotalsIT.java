package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.Bucket;
import io.budmetrics.analytics.BucketRows;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Series;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Totals say what coarser questions say, and change nothing else. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TotalsIT {
    private static final AnalyticsBuilder DAYS = QueryBuilder.analytics()
            .metrics(Metrics.all().toArray(Metric<?>[]::new))
            .between(RandomTraffic.CENTRE.minus(Duration.ofHours(40)), RandomTraffic.CENTRE.plus(Duration.ofDays(6)))
            .every(Frequency.DAY)
            .traffic(TrafficSource.ALL)
            .withDelta();
    private static final AnalyticsBuilder BY_MODEL = DAYS.groupBy(Dimension.MODEL, Dimension.STREAMED);

    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
        table.hold(LongStream.range(1, 6)
                .boxed()
                .flatMap(seed -> RandomTraffic.table(seed).stream())
                .toList());
    }

    @AfterAll
    void close() {
        table.close();
    }

    @Test
    void totals_changeNoCell() {
        AnalyticsAnswer with = table.ask(BY_MODEL.top(3).withTotals().build());
        AnalyticsAnswer without = table.ask(BY_MODEL.top(3).build());

        assertThat(with.groups()).hasSize(4).isEqualTo(without.groups());
        assertThat(with.rows()).isEqualTo(without.rows());
        for (int row = 0; row < with.rows().size(); row++) {
            for (Metric<?> metric : Metrics.all()) {
                assertThat(with.rows().get(row).delta(metric))
                        .isEqualTo(without.rows().get(row).delta(metric));
            }
        }
    }

    @Test
    void totalsOfBuckets_equalTheAnswerWithoutGroups() {
        AnalyticsAnswer grouped = table.ask(BY_MODEL.top(3).withTotals().build());
        AnalyticsAnswer ungrouped = table.ask(DAYS.withTotals().build());

        assertThat(grouped.buckets()).extracting(BucketRows::total).isEqualTo(ungrouped.rows());
        assertThat(grouped.total()).isEqualTo(ungrouped.total());
        assertThat(ungrouped.total()).isEqualTo(ungrouped.series().get(0).total());
        assertThat(ungrouped.buckets()).extracting(BucketRows::total).isEqualTo(ungrouped.rows());
        Metrics.all()
                .forEach(metric -> assertThat(grouped.buckets().get(1).total().delta(metric))
                        .isEqualTo(ungrouped.rows().get(1).delta(metric)));
    }

    /** One period that holds the whole range says what the range says; its rates are of the part it covers. */
    @Test
    void totalsOfTheRange_equalTheAnswerWithOneBucket() {
        AnalyticsAnswer days = table.ask(BY_MODEL.withTotals().build());
        AnalyticsAnswer range = table.ask(
                BY_MODEL.every(Frequency.every(100, Frequency.Unit.DAY)).build());

        assertThat(days.groups()).hasSizeGreaterThan(5).isEqualTo(range.groups());
        for (int group = 0; group < days.groups().size(); group++) {
            Row total = days.series().get(group).total();
            Row whole = range.series().get(group).rows().get(0);
            for (Metric<?> metric : Metrics.all()) {
                assertThat((Object) total.get(metric)).as(metric.name()).isEqualTo(whole.get(metric));
                assertThat((Object) days.series().get(group).total(metric)).isEqualTo(whole.get(metric));
                assertThat(total.delta(metric).change()).isEmpty();
            }
        }
    }

    /** Its change is against the range right before, of the same length. */
    @Test
    void wholeRange_isOneBucketThatSaysWhatTheTotalsSay() {
        AnalyticsBuilder whole = BY_MODEL.zone(ZoneId.of("Europe/Berlin")).every(Frequency.WHOLE_RANGE);
        AnalyticsAnswer days = table.ask(BY_MODEL.withTotals().build());
        AnalyticsAnswer range = table.ask(whole.build());
        TimeRange asked = range.question().range();
        AnalyticsAnswer before = table.ask(
                whole.range(Comparison.previousRange().rangeBefore(asked)).build());

        assertThat(range.groups()).hasSizeGreaterThan(5).isEqualTo(days.groups());
        for (Row row : range.rows()) {
            assertThat(row.bucket()).isEqualTo(new Bucket(asked.from(), asked.end(), asked.from(), asked.end()));
            Row total = days.series().stream()
                    .filter(series -> series.group().equals(row.group()))
                    .findFirst()
                    .orElseThrow()
                    .total();
            Row earlier = before.rows().stream()
                    .filter(other -> other.group().equals(row.group()))
                    .findFirst()
                    .orElse(null);
            for (Metric<?> metric : Metrics.all()) {
                assertThat((Object) row.get(metric)).as(metric.name()).isEqualTo(total.get(metric));
            }
            double change = row.delta(Metrics.REQUEST_COUNT).change().orElseThrow();
            long count = row.get(Metrics.REQUEST_COUNT).count();
            assertThat(count - change)
                    .isEqualTo(
                            earlier == null
                                    ? 0
                                    : (double)
                                            earlier.get(Metrics.REQUEST_COUNT).count());
        }
        AnalyticsAnswer top = table.ask(whole.top(2).withTotals().build());
        assertThat(top.rows()).hasSize(3);
        assertThat(top.total()).isEqualTo(days.total());
    }

    @Test
    void groupsAndOthersAddUpToTheTotal() {
        AnalyticsAnswer answer = table.ask(BY_MODEL.top(2).withTotals().build());
        Map<Boolean, Long> groups = answer.groups().stream()
                .collect(Collectors.partitioningBy(group -> group.isOthers(), Collectors.counting()));
        assertThat(groups).containsEntry(true, 1L).containsEntry(false, 2L);
        List<Row> totals = answer.series().stream().map(Series::total).toList();
        int added = 0;
        for (Metric<?> metric : Metrics.all()) {
            if (metric.additivity() == Additivity.BUCKETS_AND_GROUPS) {
                assertThat(sum(totals, metric)).as(metric.name()).isCloseTo(headline(answer.total(), metric), within());
                assertThat(sum(answer.rows(), metric))
                        .as(metric.name())
                        .isCloseTo(headline(answer.total(), metric), within());
                added++;
            }
        }
        assertThat(added).isGreaterThanOrEqualTo(8);
    }

    private static org.assertj.core.data.Percentage within() {
        return org.assertj.core.data.Percentage.withPercentage(1e-9);
    }

    private static double sum(List<Row> rows, Metric<?> metric) {
        return rows.stream().mapToDouble(row -> headline(row, metric)).sum();
    }

    private static double headline(Row row, Metric<?> metric) {
        MetricValue value = row.get(metric);
        return value.headline().orElse(0);
    }

    @Test
    void totalsWithHaving_coverTheKeptGroups() {
        AnalyticsAnswer some = table.ask(
                BY_MODEL.having(Metrics.REQUEST_COUNT.atLeast(20)).withTotals().build());
        AnalyticsAnswer all = table.ask(BY_MODEL.withTotals().build());

        assertThat(some.total().get(Metrics.REQUEST_COUNT).count())
                .isEqualTo(some.rows().stream()
                        .mapToLong(row -> row.get(Metrics.REQUEST_COUNT).count())
                        .sum())
                .isLessThan(all.total().get(Metrics.REQUEST_COUNT).count())
                .isPositive();
    }

    @Test
    void totalsWithoutTraffic_areEmpty() {
        AnalyticsAnswer answer = table.ask(BY_MODEL.where(Dimension.MODEL_NAME.is("no such name"))
                .withTotals()
                .build());

        assertThat(answer.groups()).isEmpty();
        assertThat(answer.buckets())
                .isNotEmpty()
                .allSatisfy(period -> assertThat(period.total().hasTraffic()).isFalse());
        assertThat(answer.total().get(Metrics.REQUEST_COUNT).count()).isZero();
        assertThat(answer.total().get(Metrics.LATENCY).mean()).isEmpty();
    }
}
