package io.budmetrics.query;

import io.budmetrics.error.BudMetricsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A condition on requests: true or false of every one, a missing value equals nothing. Immutable. */
public sealed interface Filter {
    /**
     * The dimension has one of the values.
     *
     * @param dimension the dimension
     * @param values 1 to 10,000 values of the dimension's type
     */
    record In(Dimension<?> dimension, List<?> values) implements Filter {
        private static final int MAX_VALUES = 10_000;

        public In {
            Objects.requireNonNull(dimension, "dimension is null");
            Objects.requireNonNull(values, "values is null");
            for (Object value : values) {
                if (value == null) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension
                            + " has a value that is null, which no request equals; leave it out, or group by "
                            + dimension + " to see the requests without one");
                }
            }
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw BudMetricsException.invalidQuery(
                        "filter on " + dimension + " has no values; leave the filter out, or name at least one");
            }
            if (values.size() > MAX_VALUES) {
                throw BudMetricsException.invalidQuery("filter on " + dimension + " has " + values.size()
                        + " values; at most " + MAX_VALUES + ", or ask several questions");
            }
            for (Object value : values) {
                if (!dimension.type().isInstance(value)) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension + " has a value of type "
                            + value.getClass().getSimpleName() + "; it takes "
                            + dimension.type().getSimpleName());
                }
                if (value instanceof String text
                        && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    throw BudMetricsException.invalidQuery("filter on " + dimension
                            + " has a text with half a character (an unpaired surrogate), which UTF-8 cannot say");
                }
                if (value.equals("")) {
                    throw BudMetricsException.invalidQuery(
                            "filter on " + dimension
                                    + " has an empty text, which no request has; TrafficSource.INFERENCE asks for requests without a prompt");
                }
            }
        }

        @Override
        public String toString() {
            return dimension + " in " + values.size() + (values.size() == 1 ? " value" : " values");
        }
    }
}
