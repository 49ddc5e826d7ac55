package io.budmetrics.analytics;

import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How the headline value of a metric changed against the bucket before, or against another range. Immutable, compared by value. */
public final class Delta {
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
     * @param ratio change over value before; empty where either is absent or the value before is zero
     * @param comparable false where either bucket is cut by its range, or the two of a comparison cover different times
     */
    public Delta(OptionalDouble change, OptionalDouble ratio, boolean comparable) {
        this(
                Objects.requireNonNull(change, "change is null").orElse(ABSENT),
                Objects.requireNonNull(ratio, "ratio is null").orElse(ABSENT),
                comparable);
    }

    /** From one headline to the next; {@link Double#NaN} stands for an absent one, and a zero has no sign. */
    static Delta between(double before, double now, boolean comparable) {
        double change = now - before;
        double ratio = change / before + 0.0;
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
     * Returns the change divided by the earlier value.
     *
     * @return 1 for a value that doubled; empty where either is absent or the value before is zero
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
