package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How long a bucket is. One unit gives calendar buckets (ISO weeks); several units give buckets that begin at the start
 * of the range and follow each other by calendar arithmetic. Immutable.
 *
 * @param interval units a bucket, 1 or more
 * @param unit the unit
 */
public record Frequency(int interval, Unit unit) {
    /** A unit of the calendar. */
    public enum Unit {
        /** Sixty seconds. */
        MINUTE(60_000_000L, 0),
        /** Sixty minutes. */
        HOUR(3_600_000_000L, 0),
        /** A calendar day. */
        DAY(86_400_000_000L, 0),
        /** Seven days; calendar weeks begin on Monday. */
        WEEK(604_800_000_000L, 0),
        /** A calendar month. */
        MONTH(0, 1),
        /** Three calendar months. */
        QUARTER(0, 3),
        /** A calendar year. */
        YEAR(0, 12);

        /** Its length in UTC, 0 where it varies. */
        private final long micros;

        private final int months;

        Unit(long micros, int months) {
            this.micros = micros;
            this.months = months;
        }

        long micros() {
            return micros;
        }

        int months() {
            return months;
        }

        String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Unit named(String name) {
            List<String> names = Arrays.stream(values()).map(Unit::jsonName).toList();
            int position = names.indexOf(name);
            if (position < 0) {
                throw BudMetricsException.invalidQuery("frequency_unit: unknown; use one of " + names);
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
    /** ISO weeks, from Monday. */
    public static final Frequency WEEK = new Frequency(1, Unit.WEEK);
    /** Calendar months. */
    public static final Frequency MONTH = new Frequency(1, Unit.MONTH);
    /** Calendar quarters. */
    public static final Frequency QUARTER = new Frequency(1, Unit.QUARTER);
    /** Calendar years. */
    public static final Frequency YEAR = new Frequency(1, Unit.YEAR);

    private static final int MAX_INTERVAL = 100_000;

    public Frequency {
        Objects.requireNonNull(unit, "unit is null");
        if (interval < 1 || interval > MAX_INTERVAL) {
            throw BudMetricsException.invalidQuery(
                    "frequency interval is " + interval + "; use 1 to " + MAX_INTERVAL + " " + unit.jsonName() + "s");
        }
    }

    /**
     * Buckets of several units, from the start of the range.
     *
     * @param interval units a bucket, 1 to 100,000; 1 gives calendar buckets
     * @param unit the unit
     * @return the frequency
     * @throws BudMetricsException INVALID_QUERY for an interval outside its range
     */
    public static Frequency every(int interval, Unit unit) {
        return new Frequency(interval, unit);
    }
}
