package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * With which earlier range a question compares its own: the one right before it, or the same range a while earlier. What
 * both ranges share, when the shift is shorter than the range, counts in both. Immutable, compared by value.
 */
public final class Comparison {
    private static final String PREVIOUS = "previous_period";
    private static final Comparison PREVIOUS_PERIOD = new Comparison(null, null);

    private final @Nullable Period calendar;
    private final @Nullable Duration elapsed;

    private Comparison(@Nullable Period calendar, @Nullable Duration elapsed) {
        this.calendar = calendar;
        this.elapsed = elapsed;
    }

    /**
     * With the range right before, which is exactly as long.
     *
     * @return the comparison
     */
    public static Comparison previousPeriod() {
        return PREVIOUS_PERIOD;
    }

    /**
     * With the same range on an earlier date, by the calendar and the clock of the question's zone: a year earlier a range
     * that begins at midnight begins at midnight.
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
     * With the same range so much time earlier, whatever the clocks were set to in between.
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

    /** What begins a range, where the one that it is compared with begins; where it ends. */
    record Range(Instant from, Instant to) {}

    /** The range that another one is compared with; its ends may lie anywhere. */
    Range rangeBefore(Instant from, Instant to, ZoneId zone) {
        Period dates = calendar;
        Duration time = elapsed;
        Function<Instant, Instant> shift;
        if (dates != null) {
            shift = instant -> instant.atZone(zone).minus(dates).toInstant();
        } else {
            Duration length = time == null ? Duration.between(from, to) : time;
            shift = instant -> instant.minus(length);
        }
        try {
            return new Range(shift.apply(from), shift.apply(to));
        } catch (DateTimeException | ArithmeticException tooFar) {
            return new Range(Instant.MIN, Instant.MIN);
        }
    }

    static Comparison named(String text) {
        if (text.equals(PREVIOUS)) {
            return PREVIOUS_PERIOD;
        }
        try {
            return text.startsWith("PT") ? shiftedBy(Duration.parse(text)) : shiftedBy(Period.parse(text));
        } catch (DateTimeException | ArithmeticException unknown) {
            throw BudMetricsException.invalidQuery(
                    "not a range; write " + PREVIOUS + ", or how much earlier it is: P1M, P28D, P1Y, PT24H");
        }
    }

    /** As it stands in JSON. */
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
