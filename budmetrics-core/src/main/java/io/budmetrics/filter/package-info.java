/** What requests can be filtered and grouped by: {@code Dimension} and {@code Quantity} are the typed keys, {@code Filter} the conditions made of them, {@code TrafficSource} which kind of traffic is counted. */
@NullMarked
@CheckReturnValue
package io.budmetrics.filter;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
