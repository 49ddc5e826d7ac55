package io.budmetrics.analytics;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of an additive metric added up: each number that JSON holds of them, from which the sum is read back. */
final class Sum<V extends MetricValue> {
    private final Measurement<V> measurement;
    private final Map<String, @Nullable BigDecimal> fields = new HashMap<>();
    private long requests;

    Sum(Metric<V> metric) {
        this.measurement = Internals.of(metric);
    }

    void add(V value, long ofRequests) {
        requests = Math.addExact(requests, ofRequests);
        measurement.fields(value, true).forEach((name, number) -> {
            if (number != null) {
                fields.merge(name, new BigDecimal(number.toString()), BigDecimal::add);
            }
        });
    }

    V value() {
        return measurement.parse(fields, requests);
    }
}
