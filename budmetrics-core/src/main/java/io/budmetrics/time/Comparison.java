package io.budmetrics.time;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.internal.time.RangeRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The earlier range that a question compares its own range with: the one right before it, or the same range some time
 * earlier. What both ranges share, when the shift is shorter than the range, counts in both. Immutable, compared by value.
 */
public final class Comparison {
    private static final String PREVIOUS = "previous_period";
    private static final Comparison PREVIOUS_RANGE = new Comparison(null, null);

    private final @Nullable Period calendar;
    private final @Nullable Duration elapsed;

    private Comparison(@Nullable Period calendar, @Nullable Duration elapsed) {
        this.calendar = calendar;
        this.elapsed = elapsed;
    }

    /**
     * Compares with the range right before, which is exactly as long.
     *
     * @return the comparison
     */
    public static Comparison previousRange() {
        return PREVIOUS_RANGE;
    }

    /**
     * Compares with the same range on an earlier date, by the calendar and the clock of the question's zone: if a range
     * begins at midnight, the range a year earlier begins at midnight too.
     *
     * @param earlier such as <code>Period.ofWeeks(4)</code> or <code>Period.ofYears(1)</code>
     * @return the comparison
     * @throws BudMetricsException INVALID_QUERY for no time, or a part that is negative
     */
    public static Comparison shiftedBy(Period earlier) {
        Objects.requireNonNull(earlier, "earlier is null");
        if (earlier.isZero() || earlier.isNegative()) {
            throw BudMetricsException.invalidQuery("a comparison with a range shifted by " + earlier
                    + "; name how much earlier it is, such as P1M or P28D, without negative parts");
        }
        return new Comparison(earlier.normalized(), null);
    }

    /**
     * Compares with the same range earlier by a fixed duration, whatever the clocks were set to in between.
     *
     * @param earlier whole microseconds, one or more
     * @return the comparison
     * @throws BudMetricsException INVALID_QUERY for no time, a negative one, or one finer than a microsecond
     */
    public static Comparison shiftedBy(Duration earlier) {
        Objects.requireNonNull(earlier, "earlier is null");
        if (earlier.isZero() || earlier.isNegative() || !earlier.equals(earlier.truncatedTo(ChronoUnit.MICROS))) {
            throw BudMetricsException.invalidQuery("a comparison with a range shifted by " + earlier
                    + "; name how much earlier it is, such as PT24H, in whole microseconds");
        }
        return new Comparison(null, earlier);
    }

    /**
     * Returns the earlier range for a given range, as far as that range reaches.
     *
     * @param range a range with an end
     * @return the earlier range, in the same zone
     * @throws BudMetricsException INVALID_QUERY when the range has no end, and when the earlier range begins before 1970 or
     *     is empty
     */
    public TimeRange rangeBefore(TimeRange range) {
        Instant end = range.end();
        Instant from = earlier(Micros.instant(range.fromMicros()), range, end);
        requireSince1970(from);
        Instant to = earlier(end, range, end);
        if (!from.isBefore(to)) {
            throw BudMetricsException.invalidQuery("the range to compare with, " + this + ", is empty: it begins at "
                    + from + " and ends at " + to + "; shift by a duration, or take a longer range");
        }
        return TimeRange.between(from, to).withZone(range.zone());
    }

    /**
     * Rejects a range that can have no earlier one, as far as that is known before the range has an end.
     *
     * @param range the range of a question
     * @param frequency how long its buckets are
     * @throws BudMetricsException INVALID_QUERY when the earlier range begins before 1970, is empty, or has too many buckets
     */
    public void requireRangeBefore(TimeRange range, Frequency frequency) {
        if (range.hasEnd()) {
            BucketAxis.requireFewBuckets(rangeBefore(range), frequency);
        } else {
            Instant from = Micros.instant(range.fromMicros());
            requireSince1970(earlier(from, range, from));
        }
    }

    private void requireSince1970(Instant from) {
        if (from.isBefore(RangeRules.EARLIEST)) {
            throw BudMetricsException.invalidQuery("the range to compare with, " + this + ", begins at " + from
                    + ", before " + RangeRules.EARLIEST + "; shift it by less");
        }
    }

    /** The moment that one of a range, which ends at another, is compared with. */
    private Instant earlier(Instant moment, TimeRange range, Instant end) {
        try {
            if (calendar != null) {
                return moment.atZone(range.zone()).minus(calendar).toInstant();
            }
            return moment.minus(elapsed == null ? Duration.between(Micros.instant(range.fromMicros()), end) : elapsed);
        } catch (DateTimeException | ArithmeticException tooFar) {
            return Instant.MIN;
        }
    }

    /**
     * Returns the comparison for a text in JSON.
     *
     * @param text <code>previous_period</code>, or how much earlier the range is: <code>P1M</code>, <code>PT24H</code>
     * @return the comparison
     * @throws BudMetricsException INVALID_QUERY for any other text
     */
    public static Comparison named(String text) {
        if (text.equals(PREVIOUS)) {
            return PREVIOUS_RANGE;
        }
        try {
            return text.startsWith("PT") ? shiftedBy(Duration.parse(text)) : shiftedBy(Period.parse(text));
        } catch (DateTimeException | ArithmeticException unknown) {
            throw BudMetricsException.invalidQuery(
                    "not a range; write " + PREVIOUS + ", or how much earlier it is: P1M, P28D, P1Y, PT24H");
        }
    }

    /** Returns the text in JSON. */
    @Override
    public String toString() {
        return calendar != null ? calendar.toString() : elapsed != null ? elapsed.toString() : PREVIOUS;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Comparison that
                && Objects.equals(calendar, that.calendar)
                && Objects.equals(elapsed, that.elapsed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(calendar, elapsed);
    }
}
