package io.budmetrics.time;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.internal.time.RangeRules;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;

/**
 * The range of time that a question covers, half-open: it includes <code>from</code> and excludes <code>to</code>. Bounds
 * lie between 1970 and 2105; what is finer than a microsecond is rounded up. Immutable, compared by value.
 *
 * @param from start of the range, inclusive
 * @param to end of the range, exclusive; empty means until the question is asked
 * @param asOf the moment the answer refers to: nothing later is counted; empty until the question is asked
 * @param zone the zone whose calendar and clock buckets follow; one without any change is kept as its offset
 */
public record TimeRange(Instant from, Optional<Instant> to, Optional<Instant> asOf, ZoneId zone) {
    /** Rejects an empty range, one outside its bounds, and a zone that this JVM has no rules for. */
    public TimeRange {
        Objects.requireNonNull(from, "from is null");
        Objects.requireNonNull(to, "to is null");
        Objects.requireNonNull(asOf, "asOf is null");
        Objects.requireNonNull(zone, "zone is null");
        RangeRules.JAVA.require(from, to, asOf);
        zone = known(zone);
    }

    /**
     * A range with both ends, in UTC.
     *
     * @param from its start, inclusive
     * @param to its end, exclusive
     * @return the range
     * @throws BudMetricsException INVALID_QUERY when <code>to</code> is not after <code>from</code>, or one of them lies
     *     outside 1970 to 2105
     */
    public static TimeRange between(Instant from, Instant to) {
        return new TimeRange(from, Optional.of(to), Optional.empty(), ZoneOffset.UTC);
    }

    /**
     * A range that ends when the question is asked, in UTC.
     *
     * @param from its start, inclusive
     * @return the range
     * @throws BudMetricsException INVALID_QUERY when <code>from</code> lies outside 1970 to 2105
     */
    public static TimeRange since(Instant from) {
        return new TimeRange(from, Optional.empty(), Optional.empty(), ZoneOffset.UTC);
    }

    /**
     * Returns the same range, of which nothing after a given moment counts.
     *
     * @param moment the moment the answer refers to
     * @return a new range
     * @throws BudMetricsException INVALID_QUERY when the whole range lies after the moment
     */
    public TimeRange withAsOf(Instant moment) {
        return new TimeRange(from, to, Optional.of(moment), zone);
    }

    /**
     * Returns the same range in another zone: the same instants, divided by another calendar.
     *
     * @param newZone such as <code>ZoneId.of("Europe/Berlin")</code>
     * @return a new range
     * @throws BudMetricsException INVALID_QUERY when this JVM has no rules for the zone
     */
    public TimeRange withZone(ZoneId newZone) {
        return new TimeRange(from, to, asOf, newZone);
    }

    /**
     * Returns whether the end of the range is known.
     *
     * @return true with <code>to</code>, <code>asOf</code> or both
     */
    public boolean hasEnd() {
        return to.isPresent() || asOf.isPresent();
    }

    /**
     * Returns the end of the range: <code>to</code> or <code>asOf</code>, whichever is earlier.
     *
     * @return the end, exclusive, in whole microseconds
     * @throws BudMetricsException INVALID_QUERY when the range has no end yet
     */
    public Instant end() {
        return Micros.instant(endMicros());
    }

    /** Start in microseconds. */
    long fromMicros() {
        return Micros.roundedUp(from);
    }

    /** End in microseconds. */
    long endMicros() {
        if (!hasEnd()) {
            throw BudMetricsException.invalidQuery(
                    "the question has no end; give to, or asOf, which a client sets from its clock");
        }
        long end = to.isPresent() ? Micros.roundedUp(to.get()) : Long.MAX_VALUE;
        return asOf.isPresent() ? Math.min(end, Micros.roundedUp(asOf.get())) : end;
    }

    /** UTC by any name is the same zone. */
    private static ZoneId known(ZoneId zone) {
        if (zone.equals(ZoneOffset.UTC)) {
            return zone;
        }
        try {
            return zone.getRules().isFixedOffset() ? zone.normalized() : zone;
        } catch (DateTimeException unknown) {
            throw BudMetricsException.invalidQuery("zone: this JVM has no rules for " + zone.getId()
                    + "; give one of ZoneId.getAvailableZoneIds(), or a fixed offset");
        }
    }
}
