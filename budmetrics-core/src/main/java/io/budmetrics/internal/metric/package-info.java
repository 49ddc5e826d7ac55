/**
 * The part of metrics that writes statements and reads results: an {@code Aggregate} is one
 * number of a statement, its {@code Fold} is the way in which requests become that number, {@code Measures} are the numbers of
 * one cell, and a {@code Measurement} turns them into the value of a metric.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
