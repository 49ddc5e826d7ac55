package io.budmetrics.filter;

import io.budmetrics.error.BudMetricsException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kind of traffic that a question counts. */
public enum TrafficSource {
    /** Plain inference: requests without a prompt id. */
    INFERENCE,
    /** Requests through a stored prompt. */
    PROMPT,
    /** Both. */
    ALL;

    /**
     * The name in JSON.
     *
     * @return such as <code>inference</code>
     */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the source with a name in JSON.
     *
     * @param name such as <code>inference</code>
     * @return the source
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no source has the name
     */
    public static TrafficSource named(String name) {
        List<String> names =
                Arrays.stream(values()).map(TrafficSource::jsonName).toList();
        int position = names.indexOf(name);
        if (position < 0) {
            throw BudMetricsException.invalidQuery("data_source: unknown; give one of " + names);
        }
        return values()[position];
    }
}
