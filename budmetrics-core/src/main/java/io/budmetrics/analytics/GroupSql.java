package io.budmetrics.analytics;

import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.sql.ExprRenderer;
import java.util.ArrayList;
import java.util.List;

/** The groups of a question as keys, columns and orders. */
final class GroupSql {
    private final List<Dimension<?>> dimensions;
    /** The keys that no column holds, as items of a WITH clause. */
    private final List<String> classes;
    /** The keys, as they stand behind one another. */
    private final String keys;

    GroupSql(List<Dimension<?>> dimensions, ExprRenderer renderer) {
        this.dimensions = dimensions;
        this.classes = classes(dimensions, renderer);
        this.keys = keys(dimensions, false);
    }

    private static List<String> classes(List<Dimension<?>> dimensions, ExprRenderer renderer) {
        List<String> found = List.of();
        for (Dimension<?> dimension : dimensions) {
            DimensionSql<?> sql = Internals.of(dimension);
            if (sql.hasClasses()) {
                found = union(found, List.of(renderer.renderInline(sql.value()) + " AS " + sql.key()));
            }
        }
        return found;
    }

    /** Each once; mostly there are none. */
    static List<String> union(List<String> items, List<String> more) {
        if (more.isEmpty() || items.containsAll(more)) {
            return items;
        }
        List<String> all = new ArrayList<>(items);
        for (String item : more) {
            if (!all.contains(item)) {
                all.add(item);
            }
        }
        return all;
    }

    List<Dimension<?>> dimensions() {
        return dimensions;
    }

    List<String> classes() {
        return classes;
    }

    String keys() {
        return keys;
    }

    boolean hasOneKey() {
        return dimensions.size() == 1;
    }

    String runningKeys() {
        return keys(dimensions, true);
    }

    private static String keys(List<Dimension<?>> dimensions, boolean running) {
        if (dimensions.size() == 1) {
            return key(dimensions.get(0), running);
        }
        StringBuilder out = new StringBuilder(32 * dimensions.size());
        for (Dimension<?> dimension : dimensions) {
            out.append(out.isEmpty() ? "" : ", ").append(key(dimension, running));
        }
        return out.toString();
    }

    /**
     * The key of a dimension. Classes have another name among requests in flight, since a name that a WITH clause defines is
     * known in every SELECT of a union.
     */
    static String key(Dimension<?> dimension, boolean running) {
        DimensionSql<?> sql = Internals.of(dimension);
        return running && sql.hasClasses() ? "running_" + sql.key() : sql.key();
    }

    /** What the column of a dimension is called in the result. */
    static String alias(Dimension<?> dimension) {
        return Internals.of(dimension).alias();
    }

    /** Keys without nulls, since nothing equals null. */
    String keysWithoutNull() {
        StringBuilder out = new StringBuilder(64 * dimensions.size());
        for (Dimension<?> dimension : dimensions) {
            DimensionSql<?> sql = Internals.of(dimension);
            String column = sql.key();
            out.append(out.isEmpty() ? "" : ", ");
            out.append("ifNull(").append(column).append(", ");
            out.append(sql.storedType().none());
            out.append("), isNull(").append(column).append(')');
        }
        return out.toString();
    }

    /** The order of a key, as Java has it. */
    static String order(Dimension<?> dimension, String key) {
        return (Internals.of(dimension).storedType().orderedByText() ? "toString(" + key + ")" : key)
                + " ASC NULLS LAST";
    }
}
