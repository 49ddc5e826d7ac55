/** Ranges of time and how they are divided: {@code TimeRange} says from when to when, {@code Frequency} how long a bucket is, {@code Comparison} which earlier range to compare with, and {@code BucketAxis} computes the edges. */
@NullMarked
@CheckReturnValue
package io.budmetrics.time;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
