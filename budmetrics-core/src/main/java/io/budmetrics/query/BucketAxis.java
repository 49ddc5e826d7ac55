package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of a question in microseconds since 1970: the one place where time is divided. Bucket 0 holds the start
 * of the range; bucket -1 is the one before it. Immutable.
 */
public final class BucketAxis {
    /** More buckets than this are refused. */
    public static final int MAX_BUCKETS = 10_000;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long DAY = Frequency.Unit.DAY.micros();
    /** 1970-01-05, the first Monday. */
    private static final long FIRST_MONDAY = 4 * DAY;

    private final long from;
    private final long to;
    private final int count;
    private final long origin;
    private final long width;
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
     * The buckets of a question.
     *
     * @param question with an end: <code>to</code>, <code>asOf</code> or both
     * @return its buckets
     * @throws BudMetricsException INVALID_QUERY when the question has no end, or more than {@link #MAX_BUCKETS}
     */
    public static BucketAxis of(AnalyticsQuestion question) {
        long from = microsRoundedUp(question.from());
        long to = end(question);
        Frequency frequency = question.frequency();
        long unit = frequency.unit().micros();
        boolean calendar = frequency.interval() == 1;
        if (unit > 0) {
            long width = unit * frequency.interval();
            long phase = frequency.unit() == Frequency.Unit.WEEK ? FIRST_MONDAY : 0;
            long origin = calendar ? Math.floorDiv(from - phase, width) * width + phase : from;
            long count = (to - origin + width - 1) / width;
            return new BucketAxis(from, to, requireCount(count, frequency), origin, width, null);
        }
        return ofMonths(from, to, frequency, calendar);
    }

    private static long end(AnalyticsQuestion question) {
        long to = question.to().isPresent() ? microsRoundedUp(question.to().get()) : Long.MAX_VALUE;
        if (question.asOf().isPresent()) {
            return Math.min(to, microsRoundedUp(question.asOf().get()));
        }
        if (to == Long.MAX_VALUE) {
            throw BudMetricsException.invalidQuery(
                    "the question has no end: name to, or pin asOf; the client pins asOf to its clock");
        }
        return to;
    }

    private static BucketAxis ofMonths(long from, long to, Frequency frequency, boolean calendar) {
        int months = frequency.unit().months() * frequency.interval();
        LocalDateTime start = LocalDateTime.ofEpochSecond(
                Math.floorDiv(from, MICROS_PER_SECOND),
                (int) Math.floorMod(from, MICROS_PER_SECOND) * 1000,
                ZoneOffset.UTC);
        if (calendar) {
            int month = (start.getMonthValue() - 1) / months * months + 1;
            start = LocalDate.of(start.getYear(), month, 1).atStartOfDay();
        }
        long[] edges = new long[8];
        int last = 0;
        edges[0] = micros(start.minusMonths(months));
        do {
            if (last + 1 == edges.length) {
                edges = Arrays.copyOf(edges, edges.length * 2);
            }
            // each edge is counted from the first, so that a 31st does not become a 28th for good
            edges[last + 1] = micros(start.plusMonths((long) months * last));
            last++;
        } while (edges[last] < to);
        return new BucketAxis(from, to, requireCount(last - 1, frequency), edges[1], 0, Arrays.copyOf(edges, last + 1));
    }

    private static int requireCount(long count, Frequency frequency) {
        if (count > MAX_BUCKETS) {
            throw BudMetricsException.invalidQuery("the range has " + count + " buckets of " + frequency.interval()
                    + " " + frequency.unit().jsonName() + "; at most " + MAX_BUCKETS
                    + ": choose a coarser frequency or a shorter range");
        }
        return (int) count;
    }

    private static long micros(LocalDateTime time) {
        return microsRoundedUp(time.toInstant(ZoneOffset.UTC));
    }

    /**
     * Microseconds since 1970, rounded up.
     *
     * @param instant a moment
     * @return its microseconds
     */
    public static long microsRoundedUp(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + (instant.getNano() + 999) / 1000;
    }

    /**
     * The moment of a number of microseconds.
     *
     * @param micros microseconds since 1970
     * @return the moment
     */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000);
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
     * Where a bucket starts.
     *
     * @param bucket -1 to {@link #count()}, which is where the last one ends
     * @return microseconds
     */
    public long start(int bucket) {
        return edges == null ? origin + bucket * width : edges[bucket + 1];
    }

    /**
     * How much of a bucket lies in the range.
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
     * How long every bucket is.
     *
     * @return microseconds; 0 where they differ
     */
    public long width() {
        return width;
    }

    /**
     * The bucket that starts at a moment.
     *
     * @param start microseconds
     * @return its number from -1
     * @throws BudMetricsException SCHEMA_MISMATCH when none does
     */
    public int startingAt(long start) {
        long bucket = edges == null ? (start - origin) / width : (long) Arrays.binarySearch(edges, start) - 1;
        if (bucket < -1 || bucket > count || start(Math.toIntExact(bucket)) != start) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH, "the result has a bucket that the question has not");
        }
        return (int) bucket;
    }

    /**
     * Whether a bucket is cut by the start or the end of the range.
     *
     * @param bucket -1 to count - 1; -1 is always whole
     * @return true when part of it was not looked at
     */
    public boolean partial(int bucket) {
        return bucket >= 0 && (start(bucket) < from || start(bucket + 1) > to);
    }
}
