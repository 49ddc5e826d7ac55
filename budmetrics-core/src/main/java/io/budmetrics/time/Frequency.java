package io.budmetrics.time;

import io.budmetrics.error.BudMetricsException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The length of a bucket. One unit gives the buckets of the calendar and the clock of the question's zone. Several units
 * give buckets that begin at the start of the range: minutes and hours follow each other by elapsed time, longer units by
 * calendar arithmetic in the zone, as <code>ZonedDateTime.plus</code> does it. Immutable.
 *
 * @param interval units a bucket, 1 or more
 * @param unit the unit
 * @param weekStart on which day a calendar week begins; Monday for everything but single weeks
 */
public record Frequency(int interval, Unit unit, DayOfWeek weekStart) {
    /** A unit of the calendar. */
    public enum Unit {
        /** Sixty seconds; one alone begins where the clock shows a whole minute. */
        MINUTE(60_000_000L, 0),
        /** Sixty minutes; one alone begins where the clock shows a whole hour. */
        HOUR(3_600_000_000L, 0),
        /** A calendar day, which has 23 or 25 hours where the clock is changed. */
        DAY(86_400_000_000L, 0),
        /** Seven calendar days; one alone is an ISO week, from Monday, unless {@link #weeksFrom} says otherwise. */
        WEEK(604_800_000_000L, 0),
        /** A calendar month. */
        MONTH(0, 1),
        /** Three calendar months. */
        QUARTER(0, 3),
        /** A calendar year. */
        YEAR(0, 12),
        /** As long as the range of the question, whatever that is; never several of them. */
        WHOLE_RANGE(0, 0);

        /** Its length where no clock is changed, 0 where it varies all the same. */
        private final long micros;

        private final int months;

        Unit(long micros, int months) {
            this.micros = micros;
            this.months = months;
        }

        long micros() {
            return micros;
        }

        boolean ofTheClock() {
            return this == MINUTE || this == HOUR;
        }

        int months() {
            return months;
        }

        /**
         * The name in JSON.
         *
         * @return such as <code>day</code>
         */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Returns the unit with a name in JSON.
         *
         * @param name such as <code>day</code>
         * @return the unit
         * @throws BudMetricsException INVALID_QUERY when no unit has the name
         */
        public static Unit named(String name) {
            List<String> names = Arrays.stream(values()).map(Unit::jsonName).toList();
            int position = names.indexOf(name);
            if (position < 0) {
                throw BudMetricsException.invalidQuery("frequency_unit: unknown; give one of " + names);
            }
            return values()[position];
        }
    }

    /** Calendar minutes. */
    public static final Frequency MINUTE = new Frequency(1, Unit.MINUTE);
    /** Calendar hours. */
    public static final Frequency HOUR = new Frequency(1, Unit.HOUR);
    /** Calendar days. */
    public static final Frequency DAY = new Frequency(1, Unit.DAY);
    /** ISO weeks, from Monday; {@link #weeksFrom} begins them on another day. */
    public static final Frequency WEEK = new Frequency(1, Unit.WEEK);
    /** Calendar months. */
    public static final Frequency MONTH = new Frequency(1, Unit.MONTH);
    /** Calendar quarters. */
    public static final Frequency QUARTER = new Frequency(1, Unit.QUARTER);
    /** Calendar years. */
    public static final Frequency YEAR = new Frequency(1, Unit.YEAR);

    /** One bucket that is as long as the range: a single number for each group. */
    public static final Frequency WHOLE_RANGE = new Frequency(1, Unit.WHOLE_RANGE);

    private static final int MAX_INTERVAL = 100_000;

    public Frequency {
        Objects.requireNonNull(unit, "unit is null");
        Objects.requireNonNull(weekStart, "weekStart is null");
        if (interval < 1 || interval > MAX_INTERVAL) {
            throw BudMetricsException.invalidQuery(
                    "frequency interval is " + interval + "; give 1 to " + MAX_INTERVAL + " " + unit.jsonName() + "s");
        }
        if (unit == Unit.WHOLE_RANGE && interval != 1) {
            throw BudMetricsException.invalidQuery("frequency interval is " + interval
                    + " whole ranges; give 1, since a range has only one bucket of its own length");
        }
        if (weekStart != DayOfWeek.MONDAY && (unit != Unit.WEEK || interval != 1)) {
            throw BudMetricsException.invalidQuery(
                    "weeks from " + name(weekStart) + " are single weeks, not " + interval + " " + unit.jsonName()
                            + "; several weeks begin at the start of the range, so choose from instead");
        }
    }

    /**
     * Creates buckets of one calendar unit, or of several counted from the start of the range.
     *
     * @param interval units a bucket, 1 to 100,000
     * @param unit the unit
     * @throws BudMetricsException INVALID_QUERY for an interval outside its range
     */
    public Frequency(int interval, Unit unit) {
        this(interval, unit, DayOfWeek.MONDAY);
    }

    /**
     * Returns buckets of several units, counted from the start of the range.
     *
     * @param interval units a bucket, 1 to 100,000; 1 gives calendar buckets
     * @param unit the unit
     * @return the frequency
     * @throws BudMetricsException INVALID_QUERY for an interval outside its range
     */
    public static Frequency every(int interval, Unit unit) {
        return new Frequency(interval, unit);
    }

    /**
     * Returns calendar weeks that begin on a given day.
     *
     * @param first their first day, such as {@link DayOfWeek#SUNDAY}
     * @return the frequency
     */
    public static Frequency weeksFrom(DayOfWeek first) {
        return new Frequency(1, Unit.WEEK, first);
    }

    static String name(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }

    /** The start of the unit of the calendar that holds a date; for days and longer. */
    LocalDate startOf(LocalDate date) {
        return switch (unit) {
            case MINUTE, HOUR, DAY, WHOLE_RANGE -> date;
            case WEEK -> date.with(TemporalAdjusters.previousOrSame(weekStart));
            case MONTH, QUARTER, YEAR ->
                LocalDate.of(date.getYear(), (date.getMonthValue() - 1) / unit.months() * unit.months() + 1, 1);
        };
    }

    @Override
    public String toString() {
        return interval + " " + unit.jsonName() + (weekStart == DayOfWeek.MONDAY ? "" : " from " + name(weekStart));
    }
}
