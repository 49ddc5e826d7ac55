package io.budmetrics.schema;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A table as data, from which its DDL is written. Its parts are SQL of the program's own, never of a caller. Immutable.
 *
 * @param name its name, without a database: it lies in the database of the connection
 * @param columns its columns, in order; at least one
 * @param engine the table engine
 * @param partitionBy the partition key; empty for none
 * @param orderBy the sorting key; at least one expression
 * @param settings settings of the table, each as <code>name = value</code>
 */
public record Table(
        String name,
        List<Column> columns,
        String engine,
        String partitionBy,
        List<String> orderBy,
        List<String> settings) {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when a name is no plain identifier, or there is no column or no sorting key
     */
    public Table {
        requireIdentifier(name);
        columns = List.copyOf(columns);
        Objects.requireNonNull(engine, "engine is null");
        Objects.requireNonNull(partitionBy, "partitionBy is null");
        orderBy = List.copyOf(orderBy);
        settings = List.copyOf(settings);
        if (columns.isEmpty() || orderBy.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " needs a column and a sorting key");
        }
        for (Column column : columns) {
            requireIdentifier(column.name());
        }
    }

    private static void requireIdentifier(String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException("not a plain identifier: " + name);
        }
    }

    /**
     * The statement that creates the table where it is missing.
     *
     * @return a CREATE TABLE IF NOT EXISTS, one column a line, without a semicolon
     */
    public String createStatement() {
        StringBuilder text = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(name)
                .append("\n(\n")
                .append(columns.stream()
                        .map(column -> "    " + column.definition())
                        .collect(Collectors.joining(",\n")))
                .append("\n)\nENGINE = ")
                .append(engine);
        if (!partitionBy.isEmpty()) {
            text.append("\nPARTITION BY ").append(partitionBy);
        }
        text.append("\nORDER BY (").append(String.join(", ", orderBy)).append(')');
        if (!settings.isEmpty()) {
            text.append("\nSETTINGS ").append(String.join(", ", settings));
        }
        return text.toString();
    }
}
