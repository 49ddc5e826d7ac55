package io.budmetrics.schema;

import java.util.Objects;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type its ClickHouse type
 */
public record Column(String name, String type) {
    public Column {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(type, "type is null");
    }
}
