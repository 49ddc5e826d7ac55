package io.budmetrics.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Frequency.Unit;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The axis against a walk through time, and by example. */
final class BucketAxisTest {
    private static final List<ZoneId> REGIONS =
            ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();

    private static final long HOUR = Unit.HOUR.micros();
    private static final List<Unit> UNITS = Arrays.stream(Unit.values())
            .filter(unit -> unit != Unit.WHOLE_RANGE)
            .toList();

    /** Where something odd happened. */
    private static final List<ZoneId> ODD = Stream.of(
                    "Europe/Berlin",
                    "America/New_York",
                    "America/St_Johns",
                    "America/Sao_Paulo",
                    "America/Havana",
                    "America/Caracas",
                    "America/Guyana",
                    "America/Santo_Domingo",
                    "Australia/Lord_Howe",
                    "Pacific/Apia",
                    "Pacific/Kiritimati",
                    "Pacific/Kwajalein",
                    "Pacific/Norfolk",
                    "Pacific/Chatham",
                    "Pacific/Rarotonga",
                    "Asia/Kathmandu",
                    "Asia/Kolkata",
                    "Asia/Colombo",
                    "Asia/Pyongyang",
                    "Asia/Singapore",
                    "Asia/Tehran",
                    "Asia/Beirut",
                    "Asia/Gaza",
                    "Africa/Monrovia",
                    "Africa/Casablanca",
                    "Africa/Cairo",
                    "Antarctica/Troll",
                    "Antarctica/Casey")
            .map(ZoneId::of)
            .toList();

    private static BucketAxis axis(AnalyticsQuestion question) {
        return BucketAxis.of(question.range(), question.frequency());
    }

    private static AnalyticsQuestion question(ZoneId zone, Frequency frequency, Instant from, Instant to) {
        return QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .between(from, to)
                .every(frequency)
                .in(zone)
                .build();
    }

    static LongStream seeds() {
        return LongStream.iterate(1_000, seed -> seed < 4_000, seed -> seed + 100);
    }

    @ParameterizedTest(name = "seeds from {0}")
    @MethodSource("seeds")
    void axis_equalsStepwiseWalk(long seed) {
        for (long offset = 0; offset < 100; offset++) {
            AnalyticsQuestion question = question(new SplittableRandom(seed + offset));
            BucketAxis axis = BucketAxis.of(question.range(), question.frequency());
            List<Long> edges = new ArrayList<>();
            for (int bucket = -1; bucket <= axis.count(); bucket++) {
                edges.add(axis.start(bucket));
            }
            List<Long> expected = CalendarWalk.edges(
                    question.range().zone().getRules(), question.frequency(), axis.from(), axis.to());
            assertThat(edges).as("seed %d: %s", seed + offset, question).isEqualTo(expected);
            for (int bucket = -1; bucket < axis.count(); bucket++) {
                assertThat(axis.startingAt(axis.start(bucket))).isEqualTo(bucket);
                assertThat(axis.partial(bucket))
                        .isEqualTo(bucket >= 0
                                && (expected.get(bucket + 1) < axis.from() || expected.get(bucket + 2) > axis.to()));
            }
        }
    }

    private static AnalyticsQuestion question(SplittableRandom random) {
        ZoneId zone =
                switch (random.nextInt(6)) {
                    case 0 -> ZoneOffset.UTC;
                    case 1 -> ZoneOffset.ofTotalSeconds(random.nextInt(-64_800 / 60, 64_800 / 60) * 60);
                    case 2, 3 -> REGIONS.get(random.nextInt(REGIONS.size()));
                    default -> ODD.get(random.nextInt(ODD.size()));
                };
        Unit unit = UNITS.get(random.nextInt(UNITS.size()));
        int interval = random.nextBoolean() ? 1 : random.nextInt(2, 10);
        Frequency frequency = interval == 1 && unit == Unit.WEEK
                ? Frequency.weeksFrom(DayOfWeek.of(random.nextInt(1, 8)))
                : Frequency.every(interval, unit);
        long hours = (long) interval
                * switch (unit) {
                    case MINUTE, HOUR -> 1;
                    case DAY -> 24;
                    case WEEK -> 168;
                    case MONTH -> 730;
                    case QUARTER -> 2_190;
                    case YEAR -> 8_766;
                    case WHOLE_RANGE -> throw new IllegalStateException();
                };
        long length = unit == Unit.MINUTE ? interval * 60L : hours * 3_600;
        Instant from = near(zone, random, length);
        from = switch (random.nextInt(8)) {
            case 0 -> from.minusSeconds(Math.floorMod(from.getEpochSecond(), 3_600));
            case 1 -> from.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
            case 2 -> from.minusSeconds(Math.floorMod(from.getEpochSecond(), 1_800));
            case 3 -> from.plusNanos(random.nextInt(2_000));
            case 4 -> from.minusNanos(random.nextInt(2_000));
            case 5 -> from.plusNanos(random.nextInt(1_000_000_000));
            default -> from;
        };
        from = from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
        // years are walked hour by hour, so there are few of them
        double periods = random.nextDouble() * (length > 40_000_000 ? 3 : length > 2_000_000 ? 12 : 30);
        Instant to = from.plusSeconds((long) (periods * length)).plusNanos(1_000 + random.nextInt(1_000_000_000));
        if (random.nextInt(4) == 0) {
            Instant midnight = to.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
            to = midnight.isAfter(from.plusNanos(1_000)) ? midnight : to;
        }
        Instant latest = Instant.parse("2105-01-01T00:00:00Z");
        return question(zone, frequency, from, to.isAfter(latest) ? latest : to);
    }

    /** Mostly near a change of the clock. */
    private static Instant near(ZoneId zone, SplittableRandom random, long length) {
        Instant moment = Instant.ofEpochSecond(random.nextLong(4_200_000_000L));
        if (random.nextInt(4) == 0) {
            return moment;
        }
        ZoneOffsetTransition change =
                zone.getRules().nextTransition(Instant.ofEpochSecond(random.nextLong(2_000_000_000L)));
        if (change == null) {
            change = zone.getRules().previousTransition(moment);
        }
        if (change == null || change.getInstant().isBefore(Instant.EPOCH)) {
            return moment;
        }
        return switch (random.nextInt(4)) {
            case 0 -> change.getInstant();
            case 1 -> change.getInstant().plusSeconds(random.nextLong(-90_000, 90_000));
            default -> change.getInstant().minusSeconds((long) (random.nextDouble() * 10 * length));
        };
    }

    private static List<String> starts(String zone, Frequency frequency, String from, String to) {
        ZoneId place = ZoneId.of(zone);
        BucketAxis axis = axis(question(
                place,
                frequency,
                ZonedDateTime.parse(from).toInstant(),
                ZonedDateTime.parse(to).toInstant()));
        return IntStream.rangeClosed(0, axis.count())
                .mapToObj(bucket -> Micros.instant(axis.start(bucket))
                        .atZone(place)
                        .toOffsetDateTime()
                        .toString())
                .toList();
    }

    @Test
    void aDayHas23Or25HoursWhereTheClockIsChanged() {
        assertThat(starts("Europe/Berlin", Frequency.DAY, "2026-03-28T12:00+01:00", "2026-03-30T00:00+02:00"))
                .containsExactly("2026-03-28T00:00+01:00", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00");
        assertThat(starts("Europe/Berlin", Frequency.DAY, "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"))
                .containsExactly("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00");
    }

    @Test
    void aDayBeginsWithItsFirstMoment() {
        // midnight was skipped, and came twice, a minute after it had come first
        assertThat(starts("America/Sao_Paulo", Frequency.DAY, "2018-11-03T00:00-03:00", "2018-11-05T00:00-02:00"))
                .containsExactly("2018-11-03T00:00-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00");
        assertThat(starts("America/St_Johns", Frequency.DAY, "2006-10-28T00:00-02:30", "2006-10-30T00:00-03:30"))
                .containsExactly("2006-10-28T00:00-02:30", "2006-10-29T00:00-02:30", "2006-10-30T00:00-03:30");
        assertThat(starts("America/St_Johns", Frequency.DAY, "2006-10-28T23:30-03:30", "2006-10-30T00:00-03:30"))
                .containsExactly("2006-10-29T00:00-02:30", "2006-10-30T00:00-03:30");
        assertThat(starts("America/St_Johns", Frequency.DAY, "2006-10-28T23:30-03:30", "2006-11-02T00:00-03:30"))
                .hasSize(5)
                .endsWith("2006-10-31T00:00-03:30", "2006-11-01T00:00-03:30", "2006-11-02T00:00-03:30");
    }

    @Test
    void aDayThatAZoneSkippedIsNoBucket() {
        assertThat(starts("Pacific/Apia", Frequency.DAY, "2011-12-29T00:00-10:00", "2012-01-01T00:00+14:00"))
                .containsExactly("2011-12-29T00:00-10:00", "2011-12-31T00:00+14:00", "2012-01-01T00:00+14:00");
        assertThat(starts(
                        "Pacific/Apia",
                        Frequency.every(2, Unit.DAY),
                        "2011-12-28T08:00-10:00",
                        "2012-01-02T00:00+14:00"))
                .containsExactly(
                        "2011-12-28T08:00-10:00",
                        "2011-12-31T08:00+14:00",
                        "2012-01-01T08:00+14:00",
                        "2012-01-03T08:00+14:00");
        AnalyticsQuestion after = question(
                ZoneId.of("Pacific/Apia"),
                Frequency.DAY,
                Instant.parse("2011-12-30T10:00:00Z"),
                Instant.parse("2011-12-31T10:00:00Z"));
        assertThat(Micros.instant(
                        BucketAxis.of(after.range(), after.frequency()).start(-1)))
                .isEqualTo("2011-12-29T10:00:00Z");
    }

    @Test
    void theRepeatedHourIsTwoHours() {
        assertThat(starts("Europe/Berlin", Frequency.HOUR, "2026-10-25T01:30+02:00", "2026-10-25T03:00+01:00"))
                .containsExactly(
                        "2026-10-25T01:00+02:00",
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T02:00+01:00",
                        "2026-10-25T03:00+01:00");
    }

    @Test
    void anHourFollowsTheClockOfTheZone() {
        assertThat(starts("Asia/Kolkata", Frequency.HOUR, "2026-01-01T10:10+05:30", "2026-01-01T11:10+05:30"))
                .containsExactly("2026-01-01T10:00+05:30", "2026-01-01T11:00+05:30", "2026-01-01T12:00+05:30");
        // set by a part of an hour, back and forth
        assertThat(starts("Australia/Lord_Howe", Frequency.HOUR, "2026-04-05T01:10+11:00", "2026-04-05T03:00+10:30"))
                .containsExactly(
                        "2026-04-05T01:00+11:00",
                        "2026-04-05T01:30+10:30",
                        "2026-04-05T02:00+10:30",
                        "2026-04-05T03:00+10:30");
        assertThat(starts("Australia/Lord_Howe", Frequency.HOUR, "2026-10-04T01:10+10:30", "2026-10-04T04:00+11:00"))
                .containsExactly(
                        "2026-10-04T01:00+10:30",
                        "2026-10-04T02:30+11:00",
                        "2026-10-04T03:00+11:00",
                        "2026-10-04T04:00+11:00");
        assertThat(starts("Australia/Lord_Howe", Frequency.HOUR, "2026-10-04T02:30+11:00", "2026-10-04T03:00+11:00"))
                .containsExactly("2026-10-04T02:30+11:00", "2026-10-04T03:00+11:00");
        assertThat(starts("Asia/Kathmandu", Frequency.HOUR, "1985-12-31T23:10+05:30", "1986-01-01T02:00+05:45"))
                .containsExactly(
                        "1985-12-31T23:00+05:30",
                        "1986-01-01T00:15+05:45",
                        "1986-01-01T01:00+05:45",
                        "1986-01-01T02:00+05:45");
    }

    @Test
    void severalHoursAreElapsedTime() {
        assertThat(starts(
                        "Europe/Berlin",
                        Frequency.every(6, Unit.HOUR),
                        "2026-03-29T00:00+01:00",
                        "2026-03-29T12:00+02:00"))
                .containsExactly("2026-03-29T00:00+01:00", "2026-03-29T07:00+02:00", "2026-03-29T13:00+02:00");
    }

    @Test
    void severalDaysKeepTheTimeOfDayAndGoRoundAGap() {
        assertThat(starts(
                        "Europe/Berlin",
                        Frequency.every(2, Unit.DAY),
                        "2026-03-27T02:30+01:00",
                        "2026-04-01T00:00+02:00"))
                .containsExactly(
                        "2026-03-27T02:30+01:00",
                        "2026-03-29T03:30+02:00",
                        "2026-03-31T02:30+02:00",
                        "2026-04-02T02:30+02:00");
    }

    @Test
    void weeksBeginOnTheDayThatIsAskedFor() {
        assertThat(starts("UTC", Frequency.WEEK, "2026-01-07T00:00Z", "2026-01-08T00:00Z"))
                .containsExactly("2026-01-05T00:00Z", "2026-01-12T00:00Z");
        assertThat(starts("UTC", Frequency.weeksFrom(DayOfWeek.SUNDAY), "2026-01-07T00:00Z", "2026-01-08T00:00Z"))
                .containsExactly("2026-01-04T00:00Z", "2026-01-11T00:00Z");
        assertThat(starts(
                        "America/New_York",
                        Frequency.weeksFrom(DayOfWeek.SUNDAY),
                        "2026-03-08T12:00-04:00",
                        "2026-03-10T00:00-04:00"))
                .containsExactly("2026-03-08T00:00-05:00", "2026-03-15T00:00-04:00");
    }

    @Test
    void boundsFinerThanAMicrosecondAreRoundedUp() {
        BucketAxis axis = axis(question(
                ZoneOffset.UTC,
                Frequency.every(2, Unit.MINUTE),
                Instant.parse("2026-01-01T00:00:00.000000001Z"),
                Instant.parse("2026-01-01T00:02:00.000001001Z")));

        assertThat(Micros.instant(axis.from())).isEqualTo("2026-01-01T00:00:00.000001Z");
        assertThat(Micros.instant(axis.to())).isEqualTo("2026-01-01T00:02:00.000002Z");
        assertThat(axis.count()).isEqualTo(2);
        assertThat(axis.partial(0)).isFalse();
        assertThat(axis.partial(1)).isTrue();
    }

    @Test
    void bucketsWithoutClockChange_areEquallyLong() {
        Instant from = Instant.parse("2026-04-01T00:00:00Z");
        BucketAxis days =
                axis(question(ZoneId.of("Europe/Berlin"), Frequency.DAY, from, Instant.parse("2026-10-01T00:00:00Z")));
        BucketAxis hours =
                axis(question(ZoneId.of("Europe/Berlin"), Frequency.HOUR, from, Instant.parse("2027-04-01T00:00:00Z")));

        BucketAxis twoDays = axis(question(
                ZoneId.of("Europe/Berlin"), Frequency.every(2, Unit.DAY), from, Instant.parse("2026-10-01T00:00:00Z")));

        assertThat(days.isEven()).isTrue();
        assertThat(hours.isEven()).isTrue();
        assertThat(twoDays.isEven()).isTrue();
        assertThat(List.of(days.width(), hours.width(), twoDays.width())).containsExactly(24 * HOUR, HOUR, 48 * HOUR);
    }

    @Test
    void bucketsOverAClockChange_differButKeepTheirUsualWidth() {
        Instant from = Instant.parse("2026-03-01T00:00:00Z");
        Instant to = Instant.parse("2026-04-01T00:00:00Z");
        BucketAxis twoDays = axis(question(ZoneId.of("Europe/Berlin"), Frequency.every(2, Unit.DAY), from, to));
        BucketAxis months = axis(question(ZoneOffset.UTC, Frequency.MONTH, from, to));

        assertThat(twoDays.isEven()).isFalse();
        assertThat(twoDays.width()).isEqualTo(48 * HOUR);
        assertThat(months.isEven()).isFalse();
        assertThat(months.width()).isZero();
    }

    @Test
    void theRangeCutsTheFirstBucketAndTheLast() {
        BucketAxis axis = axis(question(
                ZoneOffset.UTC,
                Frequency.HOUR,
                Instant.parse("2026-01-01T00:15:00Z"),
                Instant.parse("2026-01-01T02:30:00Z")));

        assertThat(IntStream.range(-1, 3).mapToLong(axis::coveredMicros))
                .containsExactly(HOUR, HOUR * 3 / 4, HOUR, HOUR / 2);
        for (long strange : List.of(axis.start(-1) - HOUR, axis.start(0) + 1, axis.start(3))) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(() -> axis.startingAt(strange))
                    .withMessage("SCHEMA_MISMATCH: the result has a bucket that is not in the question");
        }
    }

    @Test
    void anEndMayBeMissingUntilThereAreBuckets() {
        AnalyticsQuestion open = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .since(Instant.parse("2026-01-01T00:00:00Z"))
                .every(Frequency.MINUTE)
                .build();

        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> BucketAxis.of(open.range(), open.frequency()))
                .withMessageContaining("the question has no end; give to, or asOf");
    }

    @Test
    void tenThousandBucketsAreNotTooMany() {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.of("Australia/Lord_Howe"))) {
            Instant to = from.plus(Duration.ofHours(10_000));
            // where the clock is set twice by half an hour there is a bucket more
            Instant most = zone.equals(ZoneOffset.UTC) ? to : to.minusSeconds(3_600);
            BucketAxis axis = axis(question(zone, Frequency.HOUR, from, most));
            assertThat(axis.count()).isEqualTo(10_000);
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(() -> question(zone, Frequency.HOUR, from.minusNanos(1_000), most))
                    .withMessageContaining(
                            "the range has 10001 buckets of 1 hour; at most 10000: choose 2 hours a bucket");
        }
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> question(
                        ZoneOffset.UTC, Frequency.every(5, Unit.MINUTE), from, from.plus(Duration.ofMinutes(100_000))))
                .withMessageContaining("has 20000 buckets of 5 minute; at most 10000: choose 10 minutes a bucket");
    }

    @Test
    void intervalsAndUnitsHaveTheirBounds() {
        assertThat(Frequency.every(100_000, Unit.MINUTE).interval()).isEqualTo(100_000);
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> Frequency.every(100_001, Unit.MINUTE))
                .withMessageContaining("frequency interval is 100001; give 1 to 100000 minutes");
        assertThat(UNITS)
                .allSatisfy(unit -> assertThat(Unit.named(unit.jsonName())).isEqualTo(unit));
    }

    @Test
    void tooManyBucketsAreRefusedWithAStepThatIsLongEnough() {
        Instant from = Instant.parse("1990-01-01T00:00:00Z");
        Instant to = Instant.parse("2026-01-01T00:00:00Z");
        for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("Australia/Lord_Howe"))) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(() -> question(zone, Frequency.DAY, from, to))
                    .withMessageContaining("buckets of 1 day; at most 10000: choose 2 days a bucket");
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(() -> question(zone, Frequency.MINUTE, from, to))
                    .withMessageContaining("choose 1894 minutes a bucket");
            assertThat(axis(question(zone, Frequency.every(2, Unit.DAY), from, to))
                            .count())
                    .isEqualTo(6_575);
            assertThat(axis(question(zone, Frequency.every(1_894, Unit.MINUTE), from, to))
                            .count())
                    .isLessThanOrEqualTo(BucketAxis.MAX_BUCKETS);
        }
    }
}
