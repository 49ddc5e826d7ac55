package io.budmetrics.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A table as data, from which its DDL is written. Its parts are SQL of the program's own, never of a caller. Immutable.
 *
 * @param name its name, without a database
 * @param columns its columns, in order; at least one
 * @param indexes its data-skipping indexes
 * @param engine the table engine
 * @param partitionBy the partition key; empty for none
 * @param orderBy the sorting key; at least one expression
 * @param ttl from when on a row may be removed; empty for never
 * @param settings settings of the table, each as <code>name = value</code>
 */
public record Table(
        String name,
        List<Column> columns,
        List<SkipIndex> indexes,
        String engine,
        String partitionBy,
        List<String> orderBy,
        String ttl,
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
        indexes = List.copyOf(indexes);
        Objects.requireNonNull(engine, "engine is null");
        Objects.requireNonNull(partitionBy, "partitionBy is null");
        orderBy = List.copyOf(orderBy);
        Objects.requireNonNull(ttl, "ttl is null");
        settings = List.copyOf(settings);
        if (columns.isEmpty() || orderBy.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " needs a column and a sorting key");
        }
        columns.forEach(column -> requireIdentifier(column.name()));
        indexes.forEach(index -> requireIdentifier(index.name()));
    }

    /**
     * A table without indexes whose rows stay.
     *
     * @param name its name, without a database
     * @param columns its columns, in order; at least one
     * @param engine the table engine
     * @param partitionBy the partition key; empty for none
     * @param orderBy the sorting key; at least one expression
     * @param settings settings of the table, each as <code>name = value</code>
     * @throws IllegalArgumentException as the canonical constructor does
     */
    public Table(
            String name,
            List<Column> columns,
            String engine,
            String partitionBy,
            List<String> orderBy,
            List<String> settings) {
        this(name, columns, List.of(), engine, partitionBy, orderBy, "", settings);
    }

    /** Whether a name can stand in a statement without quotes. */
    static boolean isIdentifier(String name) {
        return IDENTIFIER.matcher(name).matches();
    }

    private static void requireIdentifier(String name) {
        if (!isIdentifier(name)) {
            throw new IllegalArgumentException("not a plain identifier: " + name);
        }
    }

    /**
     * The same table with other columns.
     *
     * @param newColumns its columns, in order; at least one
     * @return a new table
     */
    public Table withColumns(List<Column> newColumns) {
        return new Table(name, newColumns, indexes, engine, partitionBy, orderBy, ttl, settings);
    }

    /**
     * The same table, from which rows may be removed after a time.
     *
     * @param newTtl from when on a row may be removed; empty for never
     * @return a new table
     */
    public Table withTtl(String newTtl) {
        return new Table(name, columns, indexes, engine, partitionBy, orderBy, newTtl, settings);
    }

    /**
     * The statement that creates the table where it is missing, in the database of the connection.
     *
     * @return a CREATE TABLE IF NOT EXISTS, one column a line, without a semicolon
     */
    public String createStatement() {
        return created(name);
    }

    /**
     * The statement that creates the table in a database where it is missing.
     *
     * @param database a plain identifier; empty for the database of the connection
     * @return a CREATE TABLE IF NOT EXISTS, one column a line, without a semicolon
     */
    public String createStatement(String database) {
        return database.isEmpty() ? created(name) : created(database + "." + name);
    }

    /** The same, where the name stands in braces for a migration step to fill in. */
    String createTemplate() {
        return created("{" + name + "}");
    }

    private String created(String target) {
        List<String> lines = new ArrayList<>();
        columns.forEach(column -> lines.add("    " + column.definition()));
        indexes.forEach(index -> lines.add("    " + index.definition()));
        StringBuilder text = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(target)
                .append("\n(\n")
                .append(String.join(",\n", lines))
                .append("\n)\nENGINE = ")
                .append(engine);
        if (!partitionBy.isEmpty()) {
            text.append("\nPARTITION BY ").append(partitionBy);
        }
        text.append("\nORDER BY (").append(String.join(", ", orderBy)).append(')');
        if (!ttl.isEmpty()) {
            text.append("\nTTL ").append(ttl);
        }
        if (!settings.isEmpty()) {
            text.append("\nSETTINGS ").append(String.join(", ", settings));
        }
        return text.toString();
    }
}
