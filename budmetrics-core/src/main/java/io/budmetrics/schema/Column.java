package io.budmetrics.schema;

import io.budmetrics.error.BudMetricsException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A column of a {@link Table}. Immutable.
 *
 * @param name its name
 * @param type its ClickHouse type
 * @param codec how it is compressed, such as <code>ZSTD(1)</code>; empty for the server's default
 * @param defaultExpression what an insert that leaves the column out stores; empty for the type's own default
 */
public record Column(String name, String type, String codec, String defaultExpression) {
    /** As the server writes them, so that the description and the server's table can be compared. */
    private static final String ONE_CODEC =
            "(?:NONE|LZ4|LZ4HC\\([0-9]{1,2}\\)|ZSTD\\([0-9]{1,2}\\)|T64|DoubleDelta|Delta\\([1248]\\)|Gorilla\\([48]\\))";

    private static final Pattern CODEC = Pattern.compile(ONE_CODEC + "(?:, " + ONE_CODEC + ")*");

    /** Rejects null. */
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
     * Returns the same column, compressed in another way.
     *
     * @param newCodec one or more of <code>NONE</code>, <code>LZ4</code>, <code>LZ4HC(9)</code>, <code>ZSTD(3)</code>,
     *     <code>T64</code>, <code>DoubleDelta</code>, <code>Delta(8)</code> and <code>Gorilla(8)</code>, with levels and
     *     widths of your choice, separated by a comma and a space
     * @return a new column
     * @throws BudMetricsException INVALID_CONFIGURATION when it is anything else
     */
    public Column withCodec(String newCodec) {
        if (!CODEC.matcher(newCodec).matches()) {
            throw BudMetricsException.invalidConfiguration(
                    "the codec of " + name
                            + " is none of NONE, LZ4, LZ4HC(level), ZSTD(level), T64, DoubleDelta, Delta(1, 2, 4 or 8) and"
                            + " Gorilla(4 or 8); give one, or several separated by a comma and a space, such as Delta(8), ZSTD(1)");
        }
        return new Column(name, type, newCodec, defaultExpression);
    }

    /**
     * Tells whether the column can hold NULL.
     *
     * @return true for Nullable types, also within LowCardinality
     */
    public boolean nullable() {
        return type.startsWith("Nullable(") || type.startsWith("LowCardinality(Nullable(");
    }

    /**
     * Returns the column definition for a CREATE TABLE statement.
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
