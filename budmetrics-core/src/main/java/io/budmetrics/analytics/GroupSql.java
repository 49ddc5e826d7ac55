package io.budmetrics.analytics;

import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.sql.ExprRenderer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The groups of a question as keys, columns and orders. */
final class GroupSql {
    private final List<GroupKey> keys;
    /** The keys that no column holds, as items of a WITH clause. */
    private final List<String> classes;

    GroupSql(List<Dimension<?>> dimensions, ExprRenderer renderer) {
        this.keys = keys(dimensions);
        this.classes = classes(keys, renderer);
    }

    private static List<GroupKey> keys(List<Dimension<?>> dimensions) {
        if (dimensions.isEmpty()) {
            return List.of();
        }
        List<GroupKey> keys = new ArrayList<>(dimensions.size());
        for (Dimension<?> dimension : dimensions) {
            keys.add(GroupKey.of(dimension));
        }
        return keys;
    }

    private static List<String> classes(List<GroupKey> keys, ExprRenderer renderer) {
        List<String> found = List.of();
        for (GroupKey key : keys) {
            if (key.sql().hasClasses()) {
                found = union(found, List.of(renderer.renderInline(key.sql().value()) + " AS " + key.key()));
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

    /** In the order of the question's dimensions. */
    List<GroupKey> keys() {
        return keys;
    }

    List<String> classes() {
        return classes;
    }

    boolean hasOneKey() {
        return keys.size() == 1;
    }

    /** The keys of requests that arrived, one behind the other. */
    String joinedKeys() {
        return joined(GroupKey::key);
    }

    /** The keys of requests in flight, one behind the other. */
    String joinedRunningKeys() {
        return joined(GroupKey::running);
    }

    private String joined(Function<GroupKey, String> name) {
        if (hasOneKey()) {
            return name.apply(keys.get(0));
        }
        StringBuilder out = new StringBuilder(32 * keys.size());
        for (GroupKey key : keys) {
            out.append(out.isEmpty() ? "" : ", ").append(name.apply(key));
        }
        return out.toString();
    }

    /** Keys without nulls, since nothing equals null. */
    String keysWithoutNull() {
        StringBuilder out = new StringBuilder(64 * keys.size());
        for (GroupKey key : keys) {
            String column = key.key();
            out.append(out.isEmpty() ? "" : ", ");
            out.append("ifNull(").append(column).append(", ");
            out.append(key.sql().storedType().none());
            out.append("), isNull(").append(column).append(')');
        }
        return out.toString();
    }
}
