package io.budmetrics.result;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How the headline value of a metric changed against the bucket before.
 *
 * @param change value minus value before, in the metric's unit; empty where either is absent
 * @param ratio change over value before; empty where either is absent or the value before is zero
 * @param comparable false where either bucket is cut by the range, so that the two cover different times
 */
public record Delta(OptionalDouble change, OptionalDouble ratio, boolean comparable) {
    public Delta {
        Objects.requireNonNull(change, "change is null");
        Objects.requireNonNull(ratio, "ratio is null");
    }
}
