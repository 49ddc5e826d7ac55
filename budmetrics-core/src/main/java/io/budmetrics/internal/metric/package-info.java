/**
 * The part of metrics that writes statements and reads results: an {@code Aggregate} is one number of a statement, its
 * {@code Fold} how requests become that number, {@code Measures} the numbers of one cell, and {@code Measurement} how a
 * metric turns them into a value.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
