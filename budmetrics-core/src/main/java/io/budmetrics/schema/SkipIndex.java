package io.budmetrics.schema;

import io.budmetrics.error.BudMetricsException;
import java.util.Objects;

/**
 * A data-skipping index of a {@link Table}. Its parts are SQL of the program, as the server writes them. Immutable.
 *
 * @param name its name
 * @param expression the expression that is indexed
 * @param type its kind, such as <code>bloom_filter(0.01)</code>
 * @param granularity how many granules one entry covers, from 1
 */
public record SkipIndex(String name, String expression, String type, int granularity) {
    /**
     * Checks the granularity.
     *
     * @throws BudMetricsException INVALID_CONFIGURATION when it is below 1
     */
    public SkipIndex {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(expression, "expression is null");
        Objects.requireNonNull(type, "type is null");
        if (granularity < 1) {
            throw BudMetricsException.invalidConfiguration(
                    "the granularity of index " + name + " is " + granularity + "; give 1 or more");
        }
    }

    /**
     * Returns the index definition for a CREATE TABLE statement.
     *
     * @return name, expression, type and granularity
     */
    public String definition() {
        return "INDEX " + name + " " + expression + " TYPE " + type + " GRANULARITY " + granularity;
    }
}
