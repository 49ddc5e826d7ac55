package io.budmetrics.clickhouse.migrate;

import java.util.Objects;

/**
 * One way in which the server differs from what the library expects. Immutable.
 *
 * @param table the table, without its database
 * @param what the part of the table, such as <code>codec of column output</code>
 * @param expected what should be there; empty when nothing should
 * @param found what is there; empty when nothing is
 */
public record SchemaDifference(String table, String what, String expected, String found) {
    /** Rejects null. */
    public SchemaDifference {
        Objects.requireNonNull(table, "table is null");
        Objects.requireNonNull(what, "what is null");
        Objects.requireNonNull(expected, "expected is null");
        Objects.requireNonNull(found, "found is null");
    }

    /**
     * Returns a human-readable description.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return table + ": " + what + " is " + shown(found) + ", expected " + shown(expected);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "missing" : value;
    }
}
