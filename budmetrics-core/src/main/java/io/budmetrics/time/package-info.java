/**
 * Ranges of time and their buckets: {@code TimeRange} has the start and the end, {@code Frequency} is the length of a bucket,
 * {@code Comparison} selects an earlier range to compare with, and {@code BucketAxis} computes the edges of the buckets.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.time;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
