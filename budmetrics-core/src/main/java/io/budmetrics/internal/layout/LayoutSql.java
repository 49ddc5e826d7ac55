package io.budmetrics.internal.layout;

import io.budmetrics.internal.expr.Expr;
import java.util.List;
import java.util.Map;

/**
 * What writes statements needs to know of a layout, and its users do not.
 *
 * @param sources the tables whose columns are mapped to logical ones, the one with the event time first; none for the
 *     library's own table, which has the logical columns
 * @param computed the logical columns that are computed from others, by their names
 */
public record LayoutSql(List<LayoutSource> sources, Map<String, Expr> computed) {
    /** Logical column: arrival to forwarding in microseconds; null where the forwarding is not known. */
    public static final String QUEUE_TIME_US = "queue_time_us";

    /**
     * Logical column: mean time between two output tokens of a request in microseconds; null below two of them, where
     * it cannot be measured, and for what is marked as not streamed.
     */
    public static final String TPOT_US = "tpot_us";

    /** Copies the collections. */
    public LayoutSql {
        sources = List.copyOf(sources);
        computed = Map.copyOf(computed);
    }

    /** The names of the computed columns in a stable order. */
    public List<String> computedColumns() {
        return computed.keySet().stream().sorted().toList();
    }
}
