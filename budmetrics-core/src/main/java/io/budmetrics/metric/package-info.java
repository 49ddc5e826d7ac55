/**
 * Metrics and their values. {@link io.budmetrics.metric.Metrics} has the catalogue and builds custom metrics;
 * {@link io.budmetrics.metric.Metric} is the typed key of a value, {@link io.budmetrics.metric.MetricValue} is the value that a
 * row has for that key, and {@link io.budmetrics.metric.MetricValue.Absence} says why a value is missing.
 * {@link io.budmetrics.metric.ServiceLevel} has the limits of goodput, SLO attainment and Apdex, and
 * {@link io.budmetrics.metric.Having} a condition on groups.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
