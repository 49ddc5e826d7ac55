package io.budmetrics.schema;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.layout.ColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The description of a table. Its CREATE TABLE is written from it, and a server's table is compared with it. Its parts are
 * SQL of the program, never of a caller. Immutable; compared by value.
 */
public final class Table {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String name;
    private final List<Column> columns;
    private final List<SkipIndex> indexes;
    private final String engine;
    private final String partitionBy;
    private final List<String> orderBy;
    private final @Nullable Column time;
    private final String ttl;
    private final List<String> settings;

    private Table(Builder builder) {
        name = builder.name;
        columns = List.copyOf(builder.columns);
        indexes = List.copyOf(builder.indexes);
        engine = builder.engine;
        partitionBy = builder.partitionBy;
        orderBy = List.copyOf(builder.orderBy);
        time = columns.stream()
                .filter(column -> column.name().equals(builder.time))
                .findFirst()
                .orElse(null);
        ttl = builder.ttl;
        settings = List.copyOf(builder.settings);
        requireIdentifier(name);
        columns.forEach(column -> requireIdentifier(column.name()));
        indexes.forEach(index -> requireIdentifier(index.name()));
        if (columns.isEmpty() || orderBy.isEmpty() || engine.isEmpty()) {
            throw BudMetricsException.invalidConfiguration("the table " + name
                    + " lacks a column, an engine or a sorting key; give at least one column, the engine and one"
                    + " expression to order by");
        }
        boolean isTime = time != null && !time.nullable() && ColumnKind.TIME.admits(time.type());
        if (!builder.time.isEmpty() && !isTime) {
            throw BudMetricsException.invalidConfiguration("the time " + builder.time + " of the table " + name
                    + " is not a time that every row has; give a column of the table that is DateTime or DateTime64");
        }
    }

    private static void requireIdentifier(String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw BudMetricsException.invalidConfiguration("the name " + name
                    + " is not a plain identifier; give letters, digits and underscores, not beginning with a digit");
        }
    }

    /**
     * Starts the description of a table that has no column yet.
     *
     * @param name its name, without a database: letters, digits and underscores, not beginning with a digit
     * @return a new builder
     */
    public static Builder builder(String name) {
        return new Builder(Objects.requireNonNull(name, "name is null"));
    }

    /**
     * Its name, without a database.
     *
     * @return a plain identifier
     */
    public String name() {
        return name;
    }

    /**
     * Its columns, in order.
     *
     * @return at least one
     */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Its data-skipping indexes.
     *
     * @return none or more
     */
    public List<SkipIndex> indexes() {
        return indexes;
    }

    /**
     * The table engine with its arguments.
     *
     * @return such as <code>ReplacingMergeTree(ingested_at)</code>
     */
    public String engine() {
        return engine;
    }

    /**
     * The partition key.
     *
     * @return an expression; empty for none
     */
    public String partitionBy() {
        return partitionBy;
    }

    /**
     * The sorting key, which is the primary key too.
     *
     * @return at least one expression
     */
    public List<String> orderBy() {
        return orderBy;
    }

    /**
     * Returns the column with the time of the event that a row describes, from which the age of a row is computed.
     *
     * @return the column; empty when rows do not age
     */
    public Optional<Column> time() {
        return Optional.ofNullable(time);
    }

    /**
     * Returns the expression for the time from which a row may be removed.
     *
     * @return an expression; empty for never
     */
    public String ttl() {
        return ttl;
    }

    /**
     * The settings of the table.
     *
     * @return each as <code>name = value</code>
     */
    public List<String> settings() {
        return settings;
    }

    /**
     * Returns a builder with the same description, to change parts of it.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.columns = columns;
        builder.indexes = indexes;
        builder.engine = engine;
        builder.partitionBy = partitionBy;
        builder.orderBy = orderBy;
        builder.time = time == null ? "" : time.name();
        builder.ttl = ttl;
        builder.settings = settings;
        return builder;
    }

    /**
     * Returns the statement that creates the table if it is missing, in the database of the connection.
     *
     * @return a CREATE TABLE IF NOT EXISTS, one column a line, without a semicolon
     */
    public String createStatement() {
        return createStatement("");
    }

    /**
     * Returns the statement that creates the table in a database if it is missing.
     *
     * @param database a plain identifier; empty for the database of the connection
     * @return a CREATE TABLE IF NOT EXISTS, one column a line, without a semicolon
     */
    public String createStatement(String database) {
        List<String> lines = new ArrayList<>();
        columns.forEach(column -> lines.add("    " + column.definition()));
        indexes.forEach(index -> lines.add("    " + index.definition()));
        StringBuilder text = new StringBuilder("CREATE TABLE IF NOT EXISTS ")
                .append(database.isEmpty() ? name : database + "." + name)
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

    private List<Object> parts() {
        return List.of(name, columns, indexes, engine, partitionBy, orderBy, time(), ttl, settings);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Table that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns only the name; the whole description is long, and {@link #createStatement()} shows it. */
    @Override
    public String toString() {
        return "Table[" + name + "]";
    }

    /**
     * Builder for {@link Table}. Every method changes this builder and returns it; not thread-safe.
     */
    public static final class Builder {
        private final String name;
        private List<Column> columns = List.of();
        private List<SkipIndex> indexes = List.of();
        private String engine = "";
        private String partitionBy = "";
        private List<String> orderBy = List.of();
        private String time = "";
        private String ttl = "";
        private List<String> settings = List.of();

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Sets the columns; at least one is needed.
         *
         * @param newColumns the columns, in order
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder columns(List<Column> newColumns) {
            columns = List.copyOf(newColumns);
            return this;
        }

        /**
         * Sets the data-skipping indexes; without it there are none.
         *
         * @param newIndexes the indexes
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder indexes(SkipIndex... newIndexes) {
            indexes = List.of(newIndexes);
            return this;
        }

        /**
         * Sets the table engine, which is needed.
         *
         * @param newEngine the engine with its arguments, as the server writes it
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder engine(String newEngine) {
            engine = Objects.requireNonNull(newEngine, "newEngine is null");
            return this;
        }

        /**
         * Sets the partition key; without it there is none.
         *
         * @param newPartitionBy an expression, as the server writes it
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder partitionBy(String newPartitionBy) {
            partitionBy = Objects.requireNonNull(newPartitionBy, "newPartitionBy is null");
            return this;
        }

        /**
         * Sets the sorting key; at least one expression is needed.
         *
         * @param newOrderBy expressions, as the server writes them
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder orderBy(String... newOrderBy) {
            orderBy = List.of(newOrderBy);
            return this;
        }

        /**
         * Sets the column that the age of a row is computed from; without it no retention applies to the table.
         *
         * @param newTime a column of the table that is DateTime or DateTime64 and never null
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder time(Column newTime) {
            time = newTime.name();
            return this;
        }

        /**
         * Sets the expression for the time from which a row may be removed; without it rows are kept.
         *
         * @param newTtl an expression, as the server writes it; empty for never
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder ttl(String newTtl) {
            ttl = Objects.requireNonNull(newTtl, "newTtl is null");
            return this;
        }

        /**
         * Sets the settings of the table; without it there are none.
         *
         * @param newSettings each as <code>name = value</code>
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder settings(String... newSettings) {
            settings = List.of(newSettings);
            return this;
        }

        /**
         * Checks the description and returns it.
         *
         * @return the table
         * @throws BudMetricsException INVALID_CONFIGURATION when a name is no plain identifier, there is no column, engine
         *     or sorting key, or the time is not one that every row has
         */
        public Table build() {
            return new Table(this);
        }
    }

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
}
