package io.budmetrics.time;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.time.Micros;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of a question, in microseconds since 1970; no other class divides time. Bucket 0 holds the start of the
 * range; bucket -1 is the one before it. Each begins where the one before ends, and none is empty. Immutable.
 *
 * <p>A single minute or hour begins where the clock of the zone shows a whole one, and where the clock is set by a part
 * of one. Several of them are elapsed time from the start of the range. A single day, week, month, quarter or year begins
 * with the first moment of its first date. Several of them begin where <code>ZonedDateTime.plus</code> leads from the
 * start of the range. What the calendar of a zone skips is no bucket.
 */
public final class BucketAxis {
    /** The largest number of buckets; more are rejected. */
    public static final int MAX_BUCKETS = 10_000;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long DAY = Frequency.Unit.DAY.micros();
    /** No month is shorter. */
    private static final long MONTH = 28 * DAY;

    private final long from;
    private final long to;
    private final int count;
    private final long origin;
    private final long width;
    /** Where bucket -1 starts, bucket 0, and so on to where the last one ends; null where all are equally long. */
    private final long @Nullable [] edges;

    private BucketAxis(long from, long to, int count, long origin, long width, long @Nullable [] edges) {
        this.from = from;
        this.to = to;
        this.count = count;
        this.origin = origin;
        this.width = width;
        this.edges = edges;
    }

    /**
     * The buckets of a range.
     *
     * @param range with an end: <code>to</code>, <code>asOf</code> or both
     * @param frequency how long a bucket is
     * @return its buckets
     * @throws BudMetricsException INVALID_QUERY when the range has no end, or more than {@link #MAX_BUCKETS}
     */
    public static BucketAxis of(TimeRange range, Frequency frequency) {
        return of(range.fromMicros(), range.endMicros(), frequency, range.zone());
    }

    /**
     * Rejects a range that {@link #of} would reject for its number of buckets; it does not compute the edges if there are
     * obviously few. A range whose end is not known yet passes.
     *
     * @param range the range
     * @param frequency how long a bucket is
     * @throws BudMetricsException INVALID_QUERY for more than {@link #MAX_BUCKETS}
     */
    public static void requireFewBuckets(TimeRange range, Frequency frequency) {
        if (!range.hasEnd() || frequency.unit() == Frequency.Unit.WHOLE_RANGE) {
            return;
        }
        long start = range.fromMicros();
        long end = range.endMicros();
        // no bucket is half as long as its unit but one in which the clock is set
        if ((end - start) / (usualWidth(frequency) / 2) > MAX_BUCKETS - 10) {
            requireFew(of(start, end, frequency, range.zone()).count, frequency);
        }
    }

    private static long usualWidth(Frequency frequency) {
        Frequency.Unit unit = frequency.unit();
        return frequency.interval() * (unit.micros() > 0 ? unit.micros() : unit.months() * MONTH);
    }

    private static BucketAxis of(long from, long to, Frequency frequency, ZoneId zone) {
        if (frequency.unit() == Frequency.Unit.WHOLE_RANGE) {
            return new BucketAxis(from, to, 1, from, to - from, null);
        }
        // before anything is divided: a million edges would be many
        requireFew((to - from) / usualWidth(frequency), frequency);
        long width = frequency.unit().micros() * frequency.interval();
        boolean calendar = frequency.interval() == 1;
        if (width == 0) {
            return byTheCalendar(from, to, frequency, zone, 0);
        }
        if (zone instanceof ZoneOffset offset) {
            return even(from, to, calendar ? startAtOffset(from, frequency, offset) : from, frequency);
        }
        if (!frequency.unit().ofTheClock()) {
            return byTheCalendar(from, to, frequency, zone, width);
        }
        return calendar ? byTheClock(from, to, frequency, zone.getRules()) : even(from, to, from, frequency);
    }

    private static long startAtOffset(long at, Frequency frequency, ZoneOffset offset) {
        long phase = 0;
        if (frequency.unit() == Frequency.Unit.WEEK) {
            // 1970 began on a Thursday, four days before a Monday
            phase = (frequency.weekStart().getValue() + 3) % 7 * DAY;
        }
        return at - Math.floorMod(at + micros(offset) - phase, frequency.unit().micros());
    }

    private static BucketAxis even(long from, long to, long origin, Frequency frequency) {
        long width = frequency.unit().micros() * frequency.interval();
        long count = (to - origin + width - 1) / width;
        requireFew(count, frequency);
        return new BucketAxis(from, to, (int) count, origin, width, null);
    }

    private static BucketAxis byTheClock(long from, long to, Frequency frequency, ZoneRules rules) {
        long unit = frequency.unit().micros();
        long origin = clockStart(from, unit, rules);
        long before = clockStart(origin - 1, unit, rules);
        long beyond = to + unit;
        ZoneOffsetTransition setting = settingAfter(before, beyond, unit, rules);
        if (origin - before == unit && setting == null) {
            return even(from, to, origin, frequency);
        }
        Edges edges = new Edges(before, origin);
        long offset = micros(rules.getOffset(Micros.instant(origin)));
        while (setting != null && micros(setting) <= origin) {
            setting = settingAfter(micros(setting), beyond, unit, rules);
        }
        while (edges.last() < to) {
            long whole = edges.last() + unit - Math.floorMod(edges.last() + offset, unit);
            if (setting != null && micros(setting) <= whole) {
                whole = micros(setting);
                offset = micros(setting.getOffsetAfter());
                setting = settingAfter(whole, beyond, unit, rules);
            }
            edges.add(whole);
        }
        return edges.axis(from, to, frequency);
    }

    /** Where the clock last showed a whole unit, or was last set by a part of one. */
    private static long clockStart(long at, long unit, ZoneRules rules) {
        long start = at - Math.floorMod(at + micros(rules.getOffset(Micros.instant(at))), unit);
        ZoneOffsetTransition change = rules.previousTransition(Micros.instant(at + 1));
        while (change != null && micros(change) > start) {
            if (setsByAPart(change, unit)) {
                return micros(change);
            }
            change = rules.previousTransition(change.getInstant());
        }
        return start;
    }

    /** The next time, before an end, that the clock is set by a part of a unit. */
    private static @Nullable ZoneOffsetTransition settingAfter(long at, long end, long unit, ZoneRules rules) {
        ZoneOffsetTransition change = rules.nextTransition(Micros.instant(at));
        while (change != null && micros(change) < end) {
            if (setsByAPart(change, unit)) {
                return change;
            }
            change = rules.nextTransition(change.getInstant());
        }
        return null;
    }

    private static boolean setsByAPart(ZoneOffsetTransition change, long unit) {
        return change.getDuration().toSeconds() * MICROS_PER_SECOND % unit != 0;
    }

    private static BucketAxis byTheCalendar(long from, long to, Frequency frequency, ZoneId zone, long width) {
        Calendar calendar = new Calendar(from, frequency, zone);
        long number = 0;
        long origin = calendar.edge(0);
        long next = calendar.edge(1);
        // a date can be left again by setting the clock back over midnight
        while (next <= from) {
            origin = next;
            next = calendar.edge(++number + 1);
        }
        long earlier = number;
        long before;
        do {
            before = calendar.edge(--earlier);
        } while (before >= origin);
        if (origin - before == width) {
            ZoneOffsetTransition change = zone.getRules().nextTransition(Micros.instant(origin - width));
            if (change == null || micros(change) >= to + width) {
                return even(from, to, origin, frequency);
            }
        }
        Edges edges = new Edges(before, origin);
        for (; edges.last() < to; next = calendar.edge(++number + 1)) {
            // a day that the zone skipped begins and ends with the next one
            if (next > edges.last()) {
                edges.add(next);
            }
        }
        return edges.axis(from, to, frequency);
    }

    private static void requireFew(long count, Frequency frequency) {
        if (count > MAX_BUCKETS) {
            long enough = frequency.interval() * ((count + MAX_BUCKETS - 1) / MAX_BUCKETS);
            throw BudMetricsException.invalidQuery("the range has " + count + " buckets of " + frequency + "; at most "
                    + MAX_BUCKETS + ": choose " + enough + " "
                    + frequency.unit().jsonName()
                    + "s a bucket, a coarser unit, or a shorter range");
        }
    }

    private static long micros(ZoneOffset offset) {
        return offset.getTotalSeconds() * MICROS_PER_SECOND;
    }

    private static long micros(ZoneOffsetTransition change) {
        return change.toEpochSecond() * MICROS_PER_SECOND;
    }

    /**
     * Start of the range.
     *
     * @return microseconds, inclusive
     */
    public long from() {
        return from;
    }

    /**
     * End of the range: <code>to</code> or <code>asOf</code>, whichever is earlier.
     *
     * @return microseconds, exclusive
     */
    public long to() {
        return to;
    }

    /**
     * How many buckets touch the range.
     *
     * @return 1 to {@link #MAX_BUCKETS}
     */
    public int count() {
        return count;
    }

    /**
     * Returns the start of a bucket.
     *
     * @param bucket -1 to {@link #count()}, which is where the last one ends
     * @return microseconds
     */
    public long start(int bucket) {
        return edges == null ? origin + bucket * width : edges[bucket + 1];
    }

    /**
     * Returns how much of a bucket lies in the range.
     *
     * @param bucket -1 to count - 1; -1 is always whole
     * @return microseconds, more than 0
     */
    public long coveredMicros(int bucket) {
        long start = start(bucket);
        long end = start(bucket + 1);
        return bucket < 0 ? end - start : Math.min(end, to) - Math.max(start, from);
    }

    /**
     * Returns the length of a bucket in which no clock is changed.
     *
     * @return microseconds; 0 for months and longer units, whose length varies
     */
    public long width() {
        return width;
    }

    /**
     * Returns whether all buckets are equally long.
     *
     * @return true when all are {@link #width()} long, the one before the range included
     */
    public boolean isEven() {
        return edges == null;
    }

    /**
     * Returns the bucket that starts at an instant.
     *
     * @param start microseconds
     * @return its number from -1
     * @throws BudMetricsException SCHEMA_MISMATCH when none does
     */
    public int startingAt(long start) {
        long bucket = edges == null ? (start - origin) / width : (long) Arrays.binarySearch(edges, start) - 1;
        if (bucket < -1 || bucket >= count || start((int) bucket) != start) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH, "the result has a bucket that is not in the question");
        }
        return (int) bucket;
    }

    /**
     * Returns whether a bucket is cut by the start or the end of the range.
     *
     * @param bucket -1 to count - 1; -1 is always whole
     * @return true if part of it is outside the covered range
     */
    public boolean partial(int bucket) {
        return (bucket == 0 && start(0) < from) || (bucket == count - 1 && start(count) > to);
    }

    /** Where days and longer units begin, counted from the one that holds a moment or from that moment. */
    private static final class Calendar {
        /** Farther than any clock is set. */
        private static final long FAR = 2 * DAY;

        private final Frequency frequency;
        private final ZoneId zone;
        private final boolean whole;
        private final LocalDate date;
        private final LocalTime time;
        private final ZoneOffset preferred;
        private final long timeMicros;
        /** What the clock shows where one offset holds, far from any change. */
        private long plainFrom = Long.MAX_VALUE;

        private long plainTo = Long.MAX_VALUE;
        private long offset;

        Calendar(long from, Frequency frequency, ZoneId zone) {
            this.frequency = frequency;
            this.zone = zone;
            this.whole = frequency.interval() == 1;
            this.preferred = zone.getRules().getOffset(Micros.instant(from));
            LocalDateTime moment = LocalDateTime.ofInstant(Micros.instant(from), preferred);
            this.date = whole ? frequency.startOf(moment.toLocalDate()) : moment.toLocalDate();
            this.time = whole ? LocalTime.MIDNIGHT : moment.toLocalTime();
            this.timeMicros = time.toNanoOfDay() / 1000;
            if (zone instanceof ZoneOffset) {
                this.plainFrom = Long.MIN_VALUE;
                this.offset = micros(preferred);
            }
        }

        /** Each is counted from the first, so that a 31st does not become a 28th for good. */
        long edge(long number) {
            Frequency.Unit unit = frequency.unit();
            long units = number * frequency.interval();
            LocalDate day = unit.months() > 0
                    ? date.plusMonths(units * unit.months())
                    : date.plusDays(units * (unit.micros() / DAY));
            long clock = day.toEpochDay() * DAY + timeMicros;
            return clock >= plainFrom && clock < plainTo ? clock - offset : lookedUp(day, clock);
        }

        private long lookedUp(LocalDate day, long clock) {
            ZonedDateTime found =
                    whole ? day.atStartOfDay(zone) : ZonedDateTime.ofLocal(day.atTime(time), zone, preferred);
            ZoneOffsetTransition change = zone.getRules().nextTransition(found.toInstant());
            offset = micros(found.getOffset());
            long end = change == null ? Long.MAX_VALUE : micros(change) + offset - FAR;
            plainFrom = end == plainTo ? Math.min(plainFrom, clock + FAR) : clock + FAR;
            plainTo = end;
            return Micros.roundedUp(found.toInstant());
        }
    }

    /** Edges while they are found. */
    private static final class Edges {
        private long[] found = new long[16];
        private int size = 2;

        Edges(long before, long first) {
            found[0] = before;
            found[1] = first;
        }

        long last() {
            return found[size - 1];
        }

        void add(long edge) {
            if (size == found.length) {
                found = Arrays.copyOf(found, size * 2);
            }
            found[size++] = edge;
        }

        BucketAxis axis(long from, long to, Frequency frequency) {
            int count = size - 2;
            requireFew(count, frequency);
            long width = frequency.unit().micros() * frequency.interval();
            return new BucketAxis(from, to, count, found[1], width, Arrays.copyOf(found, size));
        }
    }
}
