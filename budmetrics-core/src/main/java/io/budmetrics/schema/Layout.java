package io.budmetrics.schema;

import static io.budmetrics.internal.expr.Expr.Operator.ABOVE;
import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.MINUS;
import static io.budmetrics.internal.expr.Expr.all;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.name;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.TO_MICROS;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.layout.LayoutSource;
import io.budmetrics.internal.layout.LayoutSql;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the logical columns of a question, which are those of {@link InferenceFact}, lie at a server: each is a column of a
 * table, or computed from several, or not mapped. A question that needs a column that is not mapped is refused, and the
 * error names the column. Immutable; compared by value.
 */
public final class Layout extends HasInternals<LayoutSql> {
    private static final Map<String, Expr> COMPUTED =
            Map.of(LayoutSql.QUEUE_TIME_US, queueTime(), LayoutSql.TPOT_US, timePerOutputToken());

    private static final Layout INFERENCE_FACT =
            new Layout(InferenceFact.table().name(), List.of(), Set.of(), false);

    /** The name, within a layout, of the table that has the event time. */
    static final String FIRST = "arrivals";

    private final String table;
    private final Set<String> unknown;
    private final boolean uniqueRows;

    Layout(String table, List<LayoutSource> sources, Set<String> unknown, boolean uniqueRows) {
        super(new LayoutSql(sources, COMPUTED));
        this.table = table;
        this.unknown = Set.copyOf(unknown);
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
     * Returns the layout of this library's own table, in the connection's database. It is read with FINAL, so that an
     * inference delivered twice counts once, before and after a merge.
     *
     * @return the layout
     */
    public static Layout inferenceFact() {
        return INFERENCE_FACT;
    }

    /**
     * Starts a layout over an existing table or view, which has one row per request. It is read as it is, unless
     * {@link LayoutBuilder#withFinal} says otherwise.
     *
     * @param name its name, or database and name with a dot between them: each 1 to 128 of letters, digits, spaces and
     *     <code>_ - $ @ : /</code>, beginning with a letter or an underscore
     * @return a builder without columns
     * @throws BudMetricsException INVALID_CONFIGURATION for any other name
     */
    public static LayoutBuilder table(String name) {
        return new LayoutBuilder(name);
    }

    /**
     * Returns the layout of the table <code>InferenceFact</code> as a collector of OpenTelemetry traces fills it, keyed by
     * trace and span, with durations in milliseconds. A request without an arrival time counts when its span began.
     * Whether an answer was streamed, and tokens of the prompt cache or of reasoning, are not mapped.
     *
     * @return the layout, in the connection's database; read with FINAL, since collectors deliver again
     */
    public static Layout otelInferenceFact() {
        return KnownLayouts.otelInferenceFact();
    }

    /**
     * Returns the layout of the tables <code>ModelInferenceDetails</code> and <code>ModelInference</code> of a TensorZero
     * gateway. Of several calls to models for one inference the last one tells tokens and durations, and of an inference
     * that was delivered again the last delivery counts. <code>ModelInference</code> is only read when the question needs
     * it. Prompts, and what was streamed or blocked, are unknown there.
     *
     * @return the layout, in the connection's database
     */
    public static Layout tensorzero() {
        return KnownLayouts.tensorzero();
    }

    /**
     * Returns the same layout over rows that are known to be unique and are therefore read without FINAL: faster on fresh
     * parts, and wrong if an inference was ever delivered twice.
     *
     * @return a new layout
     */
    public Layout withUniqueRows() {
        return new Layout(table, sources(), unknown, true);
    }

    /**
     * Returns the table that is read, or the one with the event time if there are several.
     *
     * @return its name, after that of its database where the layout names one
     */
    public String table() {
        return table;
    }

    /**
     * Tells whether the table has every inference only once.
     *
     * @return true when FINAL is not needed
     */
    public boolean uniqueRows() {
        return uniqueRows;
    }

    private List<LayoutSource> sources() {
        return Internals.of(this).sources();
    }

    /**
     * Tells whether a logical column is mapped.
     *
     * @param logicalColumn its name
     * @return whether a table of the layout has it
     */
    public boolean has(String logicalColumn) {
        Objects.requireNonNull(logicalColumn, "logicalColumn is null");
        return sources().isEmpty()
                || sources().stream().anyMatch(source -> source.columns().containsKey(logicalColumn));
    }

    /**
     * Tells whether a logical column was declared unknown, so that it is null for every request.
     *
     * @param logicalColumn its name
     * @return whether a question may look at it, though not be about it
     */
    public boolean unknown(String logicalColumn) {
        Objects.requireNonNull(logicalColumn, "logicalColumn is null");
        return unknown.contains(logicalColumn);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Layout that
                && table.equals(that.table)
                && sources().equals(that.sources())
                && unknown.equals(that.unknown)
                && uniqueRows == that.uniqueRows;
    }

    @Override
    public int hashCode() {
        return Objects.hash(table, sources(), unknown, uniqueRows);
    }

    @Override
    public String toString() {
        return "Layout[" + table + (uniqueRows ? ", unique rows]" : "]");
    }
}
