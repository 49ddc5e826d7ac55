package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which requests a question is about. */
public enum TrafficSource {
    /** Plain inference: requests without a prompt id. */
    INFERENCE,
    /** Requests through a stored prompt. */
    PROMPT,
    /** Both. */
    ALL;

    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static TrafficSource named(String name) {
        List<String> names =
                Arrays.stream(values()).map(TrafficSource::jsonName).toList();
        int position = names.indexOf(name);
        if (position < 0) {
            throw BudMetricsException.invalidQuery("data_source: unknown; use one of " + names);
        }
        return values()[position];
    }
}
