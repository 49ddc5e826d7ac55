package io.budmetrics.analytics;

import io.budmetrics.analytics.Cells.Spot;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The values of one group in one bucket; a total is for all groups, for the whole range, or for both. Immutable and safe
 * for use by many threads; compared by bucket, group and values, without the changes. Its text shows numbers and no ids.
 */
public final class Row {
    private final AnalyticsAnswer answer;
    private final int group;
    private final int bucket;
    private final Spot spot;

    Row(AnalyticsAnswer answer, int group, int bucket) {
        this.answer = answer;
        this.group = group;
        this.bucket = bucket;
        this.spot = answer.cells().at(group, bucket);
    }

    /**
     * Returns the bucket.
     *
     * @return the bucket
     */
    public Bucket bucket() {
        return answer.bucketAt(bucket);
    }

    /**
     * Returns the group.
     *
     * @return the group
     */
    public Group group() {
        return answer.group(group);
    }

    int number() {
        return bucket;
    }

    long requests() {
        return spot.requests();
    }

    /**
     * Returns whether a request of the group arrived in the bucket.
     *
     * @return false in an empty bucket
     */
    public boolean hasTraffic() {
        return requests() > 0;
    }

    /**
     * The value of a metric; it always exists, what it could not know is empty.
     *
     * @param metric one that the question asks for, found by its name
     * @param <V> the type of its values
     * @return the value
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for it
     */
    @SuppressWarnings("unchecked") // a name stands for one type of value throughout the catalogue
    public <V extends MetricValue> V get(Metric<V> metric) {
        return (V) spot.value(answer.position(metric));
    }

    /**
     * Returns how the headline value of a metric changed against the bucket before.
     *
     * @param metric one that the question asks for
     * @return the change; nothing for a total of the whole range, before which no other range was looked at
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or not for deltas
     */
    public Delta delta(Metric<?> metric) {
        return answer.delta(answer.position(metric), spot, bucket);
    }

    /**
     * Returns the row of the same group in the matching bucket of the range that this one is compared with: buckets are
     * paired in their order, and a total is paired with the same total.
     *
     * @return the row; empty where that range has no such bucket
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    public Optional<Row> compared() {
        AnalyticsAnswer other = answer.compared();
        return other.hasBucket(bucket) ? Optional.of(new Row(other, group, bucket)) : Optional.empty();
    }

    /**
     * Returns how the headline value of a metric changed against the row of {@link #compared}.
     *
     * @param metric one that the question asks for
     * @return the change; not comparable where one of the two buckets is cut by its range, or they cover different times
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for the metric, or compares nothing
     */
    public Delta comparison(Metric<?> metric) {
        return answer.comparison(answer.position(metric), spot, group, bucket);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row that
                && answer.question().metrics().equals(that.answer.question().metrics())
                && bucket().equals(that.bucket())
                && group().equals(that.group())
                && answer.sameCell(spot, that.spot);
    }

    @Override
    public int hashCode() {
        return 31 * bucket().hashCode() + group().hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("Row[").append(bucket().from()).append(", ").append(group());
        for (Metric<?> metric : answer.question().metrics()) {
            text.append(", ").append(metric).append('=').append(get(metric));
        }
        return text.append(']').toString();
    }

    /** How the headline value of a metric changed against the bucket before, or against another range. Immutable, compared by value. */
    public static final class Delta {
        private static final double ABSENT = Double.NaN;
        /** Where there is nothing to compare with. */
        static final Delta NONE = new Delta(ABSENT, ABSENT, false);

        private final double change;
        private final double ratio;
        private final boolean comparable;

        private Delta(double change, double ratio, boolean comparable) {
            this.change = change;
            this.ratio = ratio;
            this.comparable = comparable;
        }

        /**
         * Creates a change from its parts, for tests.
         *
         * @param change value minus value before, in the metric's unit; empty where either is absent
         * @param ratio change over the absolute value before; empty where either is absent or the value before is zero
         * @param comparable false where either bucket is cut by its range, or the two of a comparison cover different times
         */
        public Delta(OptionalDouble change, OptionalDouble ratio, boolean comparable) {
            this(
                    Objects.requireNonNull(change, "change is null").orElse(ABSENT),
                    Objects.requireNonNull(ratio, "ratio is null").orElse(ABSENT),
                    comparable);
        }

        /**
         * From one headline to the next; {@link Double#NaN} stands for an absent one, and a zero has no sign. Over the
         * magnitude of the base, since a loss that becomes smaller would otherwise look like a decline.
         */
        static Delta between(double before, double now, boolean comparable) {
            double change = now - before;
            double ratio = change / Math.abs(before) + 0.0;
            return new Delta(change, Double.isInfinite(ratio) ? ABSENT : ratio, comparable);
        }

        /**
         * Returns the value minus the earlier value, in the metric's unit.
         *
         * @return the difference; empty where either is absent
         */
        public OptionalDouble change() {
            return optional(change);
        }

        /**
         * Returns the change divided by the absolute value of the earlier value, so that it has the sign of the change.
         *
         * @return 1 for a value that doubled, 0.5 for a margin that went from -100 to -50; empty where either is absent or the value before is zero
         */
        public OptionalDouble ratio() {
            return optional(ratio);
        }

        /**
         * Returns whether both buckets are whole and, against another range, cover equally long times.
         *
         * @return false where either is cut by its range, and where the two of a comparison are not equally long
         */
        public boolean comparable() {
            return comparable;
        }

        private static OptionalDouble optional(double value) {
            return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Delta that
                    && Double.compare(change, that.change) == 0
                    && Double.compare(ratio, that.ratio) == 0
                    && comparable == that.comparable;
        }

        @Override
        public int hashCode() {
            return 31 * Double.hashCode(change) + Double.hashCode(ratio);
        }

        @Override
        public String toString() {
            return "Delta[change=" + change() + ", ratio=" + ratio() + ", comparable=" + comparable + "]";
        }
    }
}
