package io.budmetrics.schema;

import static io.budmetrics.expr.Expr.Function.IF;
import static io.budmetrics.expr.Expr.Function.IF_NULL;
import static io.budmetrics.expr.Expr.Function.TO_MICROS;
import static io.budmetrics.expr.Expr.Operator.ABOVE;
import static io.budmetrics.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.expr.Expr.Operator.MINUS;
import static io.budmetrics.expr.Expr.all;
import static io.budmetrics.expr.Expr.binary;
import static io.budmetrics.expr.Expr.call;
import static io.budmetrics.expr.Expr.name;
import static io.budmetrics.expr.Expr.nothing;
import static io.budmetrics.expr.Expr.number;

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

    /**
     * Logical column: mean time between two output tokens of a request in microseconds; null below two of them, where
     * it cannot be measured, and for what is marked as not streamed.
     */
    public static final String TPOT_US = "tpot_us";

    private static final Map<String, Expr> COMPUTED = Map.of(QUEUE_TIME_US, queueTime(), TPOT_US, timePerOutputToken());

    private final Expr.Name table;
    private final boolean uniqueRows;

    private Layout(Expr.Name table, boolean uniqueRows) {
        this.table = table;
        this.uniqueRows = uniqueRows;
    }

    private static Expr column(Column column) {
        return name(column.name());
    }

    private static Expr queueTime() {
        return binary(
                call(TO_MICROS, column(InferenceFact.REQUEST_FORWARD_TIME)),
                MINUS,
                call(TO_MICROS, column(InferenceFact.REQUEST_ARRIVAL_TIME)));
    }

    /** All tokens but the first come after it. */
    private static Expr timePerOutputToken() {
        Expr tokens = column(InferenceFact.OUTPUT_TOKENS);
        Expr first = column(InferenceFact.TTFT_US);
        Expr last = column(InferenceFact.RESPONSE_TIME_US);
        return call(
                IF,
                all(
                        binary(tokens, ABOVE, number(1)),
                        binary(first, AT_LEAST, number(0)),
                        binary(last, AT_LEAST, first),
                        call(IF_NULL, column(InferenceFact.STREAMED), number(1))),
                binary(binary(last, MINUS, first), DIVIDE, binary(tokens, MINUS, number(1))),
                nothing());
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
