package io.budmetrics.schema;

import java.util.Objects;

/**
 * A data-skipping index of a table. Its parts are SQL of the program's own, as the server writes them. Immutable.
 *
 * @param name its name
 * @param expression what it is over
 * @param type its kind, such as <code>bloom_filter(0.01)</code>
 * @param granularity how many granules one entry stands for, from 1
 */
public record SkipIndex(String name, String expression, String type, int granularity) {
    /**
     * Checks the granularity.
     *
     * @throws IllegalArgumentException when it is below 1
     */
    public SkipIndex {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(expression, "expression is null");
        Objects.requireNonNull(type, "type is null");
        if (granularity < 1) {
            throw new IllegalArgumentException("granularity of index " + name + " is " + granularity);
        }
    }

    /**
     * The index as it stands in a CREATE TABLE.
     *
     * @return name, expression, type and granularity
     */
    public String definition() {
        return "INDEX " + name + " " + expression + " TYPE " + type + " GRANULARITY " + granularity;
    }
}
