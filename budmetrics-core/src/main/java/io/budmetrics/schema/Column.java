package io.budmetrics.schema;

import java.util.Objects;

/**
 * A column of a table. Immutable.
 *
 * @param name its name
 * @param type its ClickHouse type
 * @param codec how it is compressed, such as <code>ZSTD(1)</code>; empty for the server's default
 * @param defaultExpression what an insert that leaves the column out stores; empty for the type's own default
 */
public record Column(String name, String type, String codec, String defaultExpression) {
    /** Refuses null components. */
    public Column {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(codec, "codec is null");
        Objects.requireNonNull(defaultExpression, "defaultExpression is null");
    }

    /**
     * A column with the server's default codec.
     *
     * @param name its name
     * @param type its ClickHouse type
     */
    public Column(String name, String type) {
        this(name, type, "", "");
    }

    /**
     * A column without a default expression.
     *
     * @param name its name
     * @param type its ClickHouse type
     * @param codec how it is compressed
     */
    public Column(String name, String type, String codec) {
        this(name, type, codec, "");
    }

    /**
     * Whether the column can hold NULL.
     *
     * @return true for Nullable types, also within LowCardinality
     */
    public boolean nullable() {
        return type.startsWith("Nullable(") || type.startsWith("LowCardinality(Nullable(");
    }

    /**
     * The column as it stands in a CREATE TABLE.
     *
     * @return name, type, default and codec
     */
    public String definition() {
        StringBuilder text = new StringBuilder(name).append(' ').append(type);
        if (!defaultExpression.isEmpty()) {
            text.append(" DEFAULT ").append(defaultExpression);
        }
        if (!codec.isEmpty()) {
            text.append(" CODEC(").append(codec).append(')');
        }
        return text.toString();
    }
}
