package io.budmetrics.internal.time;

import io.budmetrics.error.BudMetricsException;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules that a range obeys, whichever way it was given: the error calls the fields what the caller calls them.
 *
 * @param from the name of the start
 * @param to the name of the end
 * @param asOf the name of the moment that the answer refers to
 */
public record RangeRules(String from, String to, String asOf) {
    /** The first moment of a range. */
    public static final Instant EARLIEST = Instant.EPOCH;
    /** The last moment of a range; the functions of the server overflow beyond it. */
    public static final Instant LATEST = Instant.parse("2105-01-01T00:00:00Z");
    /** The names in Java. */
    public static final RangeRules JAVA = new RangeRules("from", "to", "asOf");

    /**
     * Rejects a range outside the years 1970 to 2104, an empty one, and one that lies wholly after <code>asOf</code>.
     *
     * @param start start of the range, inclusive
     * @param end end of the range, exclusive
     * @param moment nothing later is counted
     * @throws BudMetricsException INVALID_QUERY naming the field
     */
    public void require(Instant start, Optional<Instant> end, Optional<Instant> moment) {
        requireInstant(from, start);
        end.ifPresent(instant -> requireInstant(to, instant));
        moment.ifPresent(instant -> requireInstant(asOf, instant));
        if (end.isPresent() && !isAfter(end.get(), start)) {
            throw BudMetricsException.invalidQuery(to + " (" + end.get() + ") is not after " + from + " (" + start
                    + ") by a microsecond; the range begins with " + from + " and ends before " + to);
        }
        if (moment.isPresent() && !isAfter(moment.get(), start)) {
            throw BudMetricsException.invalidQuery(from + " (" + start + ") is not before " + asOf + " (" + moment.get()
                    + "): the whole range is in the future; give an earlier " + from);
        }
    }

    private static boolean isAfter(Instant end, Instant start) {
        return Micros.roundedUp(end) > Micros.roundedUp(start);
    }

    private static void requireInstant(String field, Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw BudMetricsException.invalidQuery(field + " (" + instant + ") is outside " + EARLIEST + " to " + LATEST
                    + "; choose an instant inside");
        }
    }
}
