package io.budmetrics.schema;

import static io.budmetrics.expr.Expr.Function.TO_MICROS;
import static io.budmetrics.expr.Expr.call;
import static io.budmetrics.expr.Expr.name;

import io.budmetrics.expr.Expr;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the logical columns of a question lie in a table: as columns of the same name, or computed. Immutable; compared
 * by value.
 */
public final class Layout {
    /** Logical column: arrival to forwarding in microseconds; null where the forwarding is not known. */
    public static final String QUEUE_TIME_US = "queue_time_us";

    private static final Map<String, Expr> COMPUTED = Map.of(
            QUEUE_TIME_US,
            Expr.binary(
                    call(TO_MICROS, name(InferenceFact.REQUEST_FORWARD_TIME.name())),
                    Expr.Operator.MINUS,
                    call(TO_MICROS, name(InferenceFact.REQUEST_ARRIVAL_TIME.name()))));

    private final Expr.Name table;
    private final boolean uniqueRows;

    private Layout(Expr.Name table, boolean uniqueRows) {
        this.table = table;
        this.uniqueRows = uniqueRows;
    }

    /**
     * The table of this library, in the connection's database. It is read with FINAL, so that an inference delivered
     * twice counts once, before and after a merge.
     *
     * @return the layout
     */
    public static Layout inferenceFact() {
        return new Layout(new Expr.Name("InferenceFact"), false);
    }

    /**
     * The same layout over rows that are known to be unique, which are read without FINAL: faster on fresh parts, and
     * wrong when an inference was ever delivered twice.
     *
     * @return a new layout
     */
    public Layout withUniqueRows() {
        return new Layout(table, true);
    }

    /**
     * The table that is read.
     *
     * @return its name
     */
    public String table() {
        return table.name();
    }

    /**
     * Whether no inference stands in the table twice.
     *
     * @return true when FINAL is not needed
     */
    public boolean uniqueRows() {
        return uniqueRows;
    }

    /**
     * The logical columns that are computed.
     *
     * @return their names, in a stable order
     */
    public List<String> computedColumns() {
        return COMPUTED.keySet().stream().sorted().toList();
    }

    /**
     * What a logical column is computed from.
     *
     * @param logicalColumn its name
     * @return the expression; empty when the table has the column
     */
    public Optional<Expr> computed(String logicalColumn) {
        return Optional.ofNullable(COMPUTED.get(logicalColumn));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Layout that && table.equals(that.table) && uniqueRows == that.uniqueRows;
    }

    @Override
    public int hashCode() {
        return Objects.hash(table, uniqueRows);
    }

    @Override
    public String toString() {
        return "Layout[" + table.name() + (uniqueRows ? ", unique rows]" : "]");
    }
}
