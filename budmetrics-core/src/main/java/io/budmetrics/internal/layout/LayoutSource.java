package io.budmetrics.internal.layout;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Identifier;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One of the tables that a layout reads. Immutable.
 *
 * @param name what the layout calls it
 * @param database the database it lies in; empty for that of the connection
 * @param table its name
 * @param withFinal whether it is read with FINAL
 * @param keys the columns that rows of one inference have in common, of which only the newest counts; empty when each
 *     row counts. A second table is joined by them to the columns of the same name of the first
 * @param newestBy which row is the newest, by the greatest value of the first column, then of the next
 * @param columns the expression of each logical column
 * @param reads the columns of the table that the layout reads, and the kinds of types they may have
 * @param fills how a writer fills the columns of the table, one entry a column
 */
public record LayoutSource(
        String name,
        String database,
        Identifier table,
        boolean withFinal,
        List<Identifier> keys,
        List<Identifier> newestBy,
        Map<String, Expr> columns,
        List<Read> reads,
        List<Fill> fills) {
    /**
     * A column of the table that is read.
     *
     * @param column its name
     * @param logical the logical column it is read for
     * @param kind the kind of types it may have
     */
    public record Read(Identifier column, String logical, ColumnKind kind) {
        /** Rejects null. */
        public Read {
            Objects.requireNonNull(column, "column is null");
            Objects.requireNonNull(logical, "logical is null");
            Objects.requireNonNull(kind, "kind is null");
        }
    }

    /**
     * A column of the table that stores a logical column of each request.
     *
     * @param column its name
     * @param logical the logical column that it holds
     * @param value how the logical value, before it is scaled, is read from it
     * @param times the factor that the value is multiplied by then
     * @param over the divisor that the value is divided by then
     */
    public record Fill(Identifier column, String logical, Expr value, long times, long over) {
        /** Rejects null. */
        public Fill {
            Objects.requireNonNull(column, "column is null");
            Objects.requireNonNull(logical, "logical is null");
            Objects.requireNonNull(value, "value is null");
        }
    }

    /** Rejects null and copies the collections. */
    public LayoutSource {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(database, "database is null");
        Objects.requireNonNull(table, "table is null");
        keys = List.copyOf(keys);
        newestBy = List.copyOf(newestBy);
        columns = Map.copyOf(columns);
        reads = List.copyOf(reads);
        fills = List.copyOf(fills);
    }

    /**
     * Returns the name of the table as it is written in a statement.
     *
     * @return its name, after that of its database where the layout names one
     */
    public String sql() {
        return database.isEmpty() ? table.sql() : new Identifier(database).sql() + "." + table.sql();
    }
}
