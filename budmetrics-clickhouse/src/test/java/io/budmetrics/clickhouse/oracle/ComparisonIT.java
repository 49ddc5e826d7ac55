package io.budmetrics.clickhouse.oracle;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.metric.Metrics.CONCURRENT_REQUESTS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.UNIQUE_USERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.Group;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metric;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ranges in one statement say what two questions say. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ComparisonIT {
    private static final UUID STAYS = new UUID(0, 1);
    private static final UUID IS_NEW = new UUID(0, 2);
    private static final UUID VANISHED = new UUID(0, 3);
    private static final AnalyticsBuilder DAYS = QueryBuilder.analytics()
            .metrics(REQUEST_COUNT, LATENCY, UNIQUE_USERS, CONCURRENT_REQUESTS)
            .between(RandomTraffic.CENTRE.minus(Duration.ofHours(40)), RandomTraffic.CENTRE.plus(Duration.ofDays(3)))
            .every(Frequency.DAY)
            .traffic(TrafficSource.ALL)
            .withDelta();

    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
    }

    @AfterAll
    void close() {
        table.close();
    }

    private void holdRandomTraffic() {
        table.hold(LongStream.range(1, 6)
                .boxed()
                .flatMap(seed -> RandomTraffic.table(seed).stream())
                .toList());
    }

    private static OracleRow request(long serial, UUID model, String arrival) {
        return OracleRow.at(serial, arrival).withModel(model);
    }

    private static Delta change(double change, double ratio, boolean comparable) {
        return new Delta(OptionalDouble.of(change), OptionalDouble.of(ratio), comparable);
    }

    @Test
    void eachRangeIsAnsweredAsOnItsOwn() {
        holdRandomTraffic();
        for (Comparison comparison : List.of(
                Comparison.previousRange(),
                Comparison.shiftedBy(Period.ofDays(1)),
                Comparison.shiftedBy(Duration.ofHours(7)))) {
            AnalyticsBuilder question = DAYS.withTotals();
            AnalyticsAnswer both = table.ask(question.comparedWith(comparison).build());
            AnalyticsAnswer own = table.ask(question.build());
            AnalyticsAnswer other = table.ask(both.compared().question());

            assertThat(both.rows()).isEqualTo(own.rows());
            assertThat(both.compared().rows()).isEqualTo(other.rows());
            assertThat(both.compared().total()).isEqualTo(other.total());
            assertThat(other.total().hasTraffic()).isTrue();
            for (int row = 0; row < own.rows().size(); row++) {
                assertThat(both.rows().get(row).compared())
                        .contains(other.rows().get(row));
                for (Metric<?> metric : List.<Metric<?>>of(REQUEST_COUNT, LATENCY)) {
                    assertThat(both.rows().get(row).delta(metric))
                            .isEqualTo(own.rows().get(row).delta(metric));
                    assertThat(both.compared().rows().get(row).delta(metric))
                            .isEqualTo(other.rows().get(row).delta(metric));
                }
            }
        }
    }

    @Test
    void newAndVanishedGroupsAreKept() {
        table.hold(List.of(
                request(1, STAYS, "2026-01-07T10:00:00Z"),
                request(2, STAYS, "2026-01-07T11:00:00Z"),
                request(3, STAYS, "2026-01-06T10:00:00Z"),
                request(4, IS_NEW, "2026-01-07T10:00:00Z"),
                request(5, VANISHED, "2026-01-06T10:00:00Z"),
                // neither range: the period before the compared one
                request(6, new UUID(0, 4), "2026-01-05T10:00:00Z")));
        AnalyticsBuilder question = QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-01-07T00:00:00Z"), Instant.parse("2026-01-08T00:00:00Z"))
                .groupBy(MODEL)
                .withDelta()
                .comparedWith(Comparison.previousRange());

        AnalyticsAnswer answer = table.ask(question.build());
        assertThat(answer.groups())
                .containsExactly(Group.of(MODEL, STAYS), Group.of(MODEL, IS_NEW), Group.of(MODEL, VANISHED));
        assertThat(answer.newGroups()).containsExactly(Group.of(MODEL, IS_NEW));
        assertThat(answer.vanishedGroups()).containsExactly(Group.of(MODEL, VANISHED));
        assertThat(answer.rows())
                .extracting(row -> row.comparison(REQUEST_COUNT))
                .containsExactly(
                        change(1, 1, true),
                        new Delta(OptionalDouble.of(1), OptionalDouble.empty(), true),
                        change(-1, -1, true));
        assertThat(answer.rows().get(2).hasTraffic()).isFalse();
        assertThat(table.ask(question.onlyBucketsWithTraffic().build()).rows()).isEqualTo(answer.rows());

        AnalyticsAnswer ranked = table.ask(question.top(1).build());
        assertThat(ranked.groups()).containsExactly(Group.of(MODEL, STAYS), Group.others(MODEL));
        assertThat(ranked.rows().get(1).comparison(REQUEST_COUNT)).isEqualTo(change(0, 0, true));
        assertThat(table.ask(question.having(REQUEST_COUNT.atLeast(1)).build()).groups())
                .containsExactly(Group.of(MODEL, STAYS), Group.of(MODEL, IS_NEW));
    }

    @Test
    void bucketsOfUnequalLengthAreNotComparable() {
        table.hold(List.of(
                request(1, STAYS, "2026-03-07T10:00:00Z"),
                request(2, STAYS, "2026-02-07T10:00:00Z"),
                request(3, STAYS, "2026-01-31T10:00:00Z")));
        AnalyticsAnswer months = table.ask(QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"))
                .every(Frequency.MONTH)
                .comparedWith(Comparison.shiftedBy(Period.ofMonths(1)))
                .withTotals()
                .build());

        assertThat(months.rows().get(0).comparison(REQUEST_COUNT)).isEqualTo(change(0, 0, false));
        assertThat(months.total().comparison(REQUEST_COUNT)).isEqualTo(change(0, 0, false));
        assertThat(months.bucketsMatch()).isTrue();

        AnalyticsAnswer days = table.ask(QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .between(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"))
                .comparedWith(Comparison.shiftedBy(Period.ofMonths(1)))
                .build());
        assertThat(days.bucketsMatch()).isFalse();
        assertThat(days.rows()).hasSize(31);
        assertThat(days.compared().rows()).hasSize(28);
        assertThat(days.rows().get(27).compared()).isPresent();
        Row last = days.rows().get(30);
        assertThat(last.compared()).isEmpty();
        assertThat(last.comparison(REQUEST_COUNT))
                .isEqualTo(new Delta(OptionalDouble.empty(), OptionalDouble.empty(), false));
    }

    /** Berlin's 29 March 2026 has 23 hours; the week before it begins at midnight too, an hour of UTC later. */
    @Test
    void aShiftFollowsTheClockOfTheZone() {
        table.hold(List.of(
                request(1, STAYS, "2026-03-29T21:59:59.999999Z"),
                request(2, STAYS, "2026-03-29T22:00:00Z"),
                request(3, STAYS, "2026-03-22T22:59:59.999999Z"),
                request(4, STAYS, "2026-03-22T23:00:00Z")));
        AnalyticsBuilder question = QueryBuilder.analytics()
                .metrics(REQUEST_COUNT)
                .in(ZoneId.of("Europe/Berlin"))
                .between(Instant.parse("2026-03-28T23:00:00Z"), Instant.parse("2026-03-30T22:00:00Z"));

        AnalyticsAnswer answer = table.ask(
                question.comparedWith(Comparison.shiftedBy(Period.ofWeeks(1))).build());
        assertThat(answer.compared().buckets())
                .extracting(period -> period.bucket().from())
                .containsExactly(Instant.parse("2026-03-21T23:00:00Z"), Instant.parse("2026-03-22T23:00:00Z"));
        assertThat(answer.rows())
                .extracting(row -> row.comparison(REQUEST_COUNT))
                .containsExactly(change(0, 0, false), change(0, 0, true));

        AnalyticsAnswer elapsed = table.ask(
                question.comparedWith(Comparison.shiftedBy(Duration.ofDays(7))).build());
        assertThat(elapsed.compared().buckets())
                .extracting(period -> period.bucket().coveredFrom())
                .startsWith(Instant.parse("2026-03-21T23:00:00Z"));
        assertThat(elapsed.compared().asOf()).isEqualTo(Instant.parse("2026-03-23T22:00:00Z"));
    }
}
