/**
 * Selects and groups requests: {@code Dimension} and {@code Quantity} are the typed keys, {@code Filter} is a condition made
 * from them, and {@code TrafficSource} selects the kind of traffic that is counted.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.filter;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
