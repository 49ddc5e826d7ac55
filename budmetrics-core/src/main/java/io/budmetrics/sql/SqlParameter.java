package io.budmetrics.sql;

import java.util.Objects;

/**
 * A value that travels beside a statement and never in it. Immutable.
 *
 * @param name the name the text refers to, as in <code>{name:type}</code>
 * @param type the ClickHouse type, such as <code>Array(UUID)</code>
 * @param encoded the value as the server reads it from <code>param_name</code>: escaped as a tab-separated field
 * @param literal the same value as an SQL literal, for people; the library never sends it
 */
public record SqlParameter(String name, String type, String encoded, String literal) {
    /** Refuses null components. */
    public SqlParameter {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(encoded, "encoded is null");
        Objects.requireNonNull(literal, "literal is null");
    }

    /** The name and the type, never the value. */
    @Override
    public String toString() {
        return "{" + name + ":" + type + "}";
    }
}
