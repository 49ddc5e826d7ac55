/**
 * Questions about metrics over time: {@code AnalyticsQuestion} and its {@code AnalyticsBuilder}, and {@code AnalyticsAnswer}
 * with its views by row, bucket and series.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.analytics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
