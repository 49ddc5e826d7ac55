package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.BucketAxis;
import io.budmetrics.time.Frequency;
import io.budmetrics.time.Frequency.Unit;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What arrives a microsecond before an edge, at it and a microsecond after it falls into the right bucket. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BucketEdgesIT {
    private static final List<ZoneId> REGIONS =
            ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();
    private static final List<Unit> UNITS = java.util.Arrays.stream(Unit.values())
            .filter(unit -> unit != Unit.WHOLE_RANGE)
            .toList();
    private static final int QUESTIONS = Integer.getInteger("budmetrics.edges.questions", 20);
    private static final long FIRST_SEED = Long.getLong("budmetrics.oracle.seed", 1);

    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
    }

    @AfterAll
    void close() {
        table.close();
    }

    @Test
    void theSqlDividesTimeAsTheAxisDoes() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + QUESTIONS; seed++) {
            AnalyticsQuestion question = question(new SplittableRandom(seed));
            NavigableSet<Long> moments = momentsAtEdges(question);
            table.hold(rows(moments));

            assertCounts("seed " + seed, table.verified("seed " + seed, question), moments);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, DAY, 1, 1997-01-01T00:00:00Z, 2024-01-01T00:00:00Z",
        "Africa/Casablanca, DAY, 2, 2012-01-01T00:00:00Z, 2032-01-01T00:00:00Z",
        "Australia/Lord_Howe, HOUR, 1, 2025-06-01T00:00:00Z, 2026-06-01T00:00:00Z",
        "America/New_York, WEEK, 1, 1970-01-01T00:00:00Z, 1990-01-01T00:00:00Z",
        "Europe/London, MONTH, 1, 1970-01-01T00:00:00Z, 1995-01-01T00:00:00Z",
        "UTC, MONTH, 1, 1970-01-01T00:00:00Z, 1995-01-01T00:00:00Z"
    })
    void thousandsOfBucketsAreDividedAsTheAxisDoes(ZoneId zone, Unit unit, int interval, Instant from, Instant to) {
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT, Metrics.CONCURRENT_REQUESTS)
                .between(from, to)
                .asOf(to)
                .every(Frequency.every(interval, unit))
                .in(zone);
        NavigableSet<Long> moments = momentsAtEdges(builder.build());
        table.hold(rows(moments));

        assertCounts(zone.getId(), table.ask(builder.build()), moments);
        assertCounts(zone.getId(), table.ask(builder.withDelta().build()), moments);
    }

    private static void assertCounts(String name, AnalyticsAnswer answer, NavigableSet<Long> moments) {
        for (Row row : answer.rows()) {
            long from = OracleRow.micros(row.bucket().coveredFrom());
            long to = OracleRow.micros(row.bucket().coveredTo());
            assertThat(row.get(Metrics.REQUEST_COUNT).count())
                    .as("%s, %s", name, row.bucket())
                    .isEqualTo(moments.subSet(from, to).size());
            assertThat(row.get(Metrics.CONCURRENT_REQUESTS).peak())
                    .as("%s, %s", name, row.bucket())
                    .hasValue(peak(from, to, moments));
        }
    }

    /** Each runs for two microseconds, so what came just before an edge runs beyond it. */
    private static long peak(long from, long to, NavigableSet<Long> moments) {
        if (moments.subSet(from, to).stream().anyMatch(moment -> moments.contains(moment - 1))) {
            return 2;
        }
        return moments.subSet(from - 1, to).isEmpty() ? 0 : 1;
    }

    private static NavigableSet<Long> momentsAtEdges(AnalyticsQuestion question) {
        BucketAxis axis = BucketAxis.of(question.range(), question.frequency());
        NavigableSet<Long> moments = new TreeSet<>(List.of(axis.from() - 1, axis.from(), axis.to() - 1, axis.to()));
        for (int bucket = -1; bucket <= axis.count(); bucket++) {
            moments.addAll(List.of(axis.start(bucket) - 1, axis.start(bucket), axis.start(bucket) + 1));
        }
        return new TreeSet<>(moments.tailSet(0L));
    }

    private static List<OracleRow> rows(NavigableSet<Long> moments) {
        List<OracleRow> rows = new ArrayList<>();
        for (long moment : moments) {
            rows.add(OracleRow.at(rows.size(), OracleRow.moment(moment).toString())
                    .withTimes(2L, null));
        }
        return rows;
    }

    private static AnalyticsQuestion question(SplittableRandom random) {
        ZoneId zone = REGIONS.get(random.nextInt(REGIONS.size()));
        Unit unit = UNITS.get(random.nextInt(UNITS.size()));
        int interval = random.nextBoolean() ? 1 : random.nextInt(2, 6);
        long seconds = interval
                * switch (unit) {
                    case MINUTE -> 60L;
                    case HOUR -> 3_600L;
                    case DAY -> 86_400L;
                    case WEEK -> 604_800L;
                    case MONTH -> 2_629_800L;
                    case QUARTER -> 7_889_400L;
                    case YEAR -> 31_557_600L;
                    case WHOLE_RANGE -> throw new IllegalStateException("as long as the range");
                };
        Instant around = Instant.ofEpochSecond(random.nextLong(1_000_000, 2_500_000_000L));
        ZoneOffsetTransition change = zone.getRules().nextTransition(around);
        Instant from =
                change == null ? around : change.getInstant().minusSeconds((long) (random.nextDouble() * 20 * seconds));
        if (random.nextBoolean()) {
            from = from.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        } else {
            from = from.plusNanos(random.nextInt(1_000_000_000));
        }
        from = from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
        Instant to = from.plusSeconds(1 + (long) (random.nextDouble() * 40 * seconds));
        Instant latest = Instant.parse("2104-12-31T00:00:00Z");
        to = to.isAfter(latest) ? latest : to;
        Frequency frequency = unit == Unit.WEEK && interval == 1
                ? Frequency.weeksFrom(DayOfWeek.of(random.nextInt(1, 8)))
                : Frequency.every(interval, unit);
        AnalyticsBuilder builder = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT, Metrics.CONCURRENT_REQUESTS)
                .between(from, to)
                .asOf(to)
                .every(frequency)
                .in(zone);
        return random.nextBoolean() ? builder.withDelta().build() : builder.build();
    }
}
