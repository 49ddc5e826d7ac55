/** Metrics over time: {@code AnalyticsQuestion} with its {@code AnalyticsBuilder}, and {@code AnalyticsAnswer} with its views by row, bucket and series. */
@NullMarked
@CheckReturnValue
package io.budmetrics.analytics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
