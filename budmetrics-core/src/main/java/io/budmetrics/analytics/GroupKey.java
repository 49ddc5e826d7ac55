package io.budmetrics.analytics;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.sql.Item;
import java.util.Map;
import java.util.function.Function;

/**
 * One dimension of a question as it is written in a statement. Those of the catalogue are written once, as nearly every
 * statement names some of them several times.
 *
 * @param sql what the dimension is read from
 * @param column the column of the result, among requests that arrived
 * @param running the key among requests in flight. Classes have another name there, since a name that a WITH clause defines
 *     is known in every SELECT of a union
 * @param runningSource the key that requests in flight are read with
 * @param runningColumn the column of the result, among requests in flight
 * @param ascending the order of the result, as Java has it
 * @param keyAscending the order of the key itself, likewise
 */
record GroupKey(
        DimensionSql<?> sql,
        Item column,
        String running,
        Item runningSource,
        Item runningColumn,
        String ascending,
        String keyAscending) {
    private static final Map<Dimension<?>, GroupKey> CATALOGUE =
            Dimension.all().stream().collect(toUnmodifiableMap(Function.identity(), GroupKey::write));

    static GroupKey of(Dimension<?> dimension) {
        GroupKey written = CATALOGUE.get(dimension);
        return written == null ? write(dimension) : written;
    }

    private static GroupKey write(Dimension<?> dimension) {
        DimensionSql<?> sql = Internals.of(dimension);
        String as = " AS " + sql.alias();
        String running = sql.hasClasses() ? "running_" + sql.key() : sql.key();
        return new GroupKey(
                sql,
                Item.of(sql.key() + as),
                running,
                Item.of(sql.hasClasses() ? sql.key() + " AS " + running : running),
                Item.of(running + as),
                ascending(sql, sql.alias()),
                ascending(sql, sql.key()));
    }

    /** The key among requests that arrived. */
    String key() {
        return sql.key();
    }

    /** What the column is called in the result. */
    String alias() {
        return sql.alias();
    }

    private static String ascending(DimensionSql<?> sql, String key) {
        return (sql.storedType().orderedByText() ? "toString(" + key + ")" : key) + " ASC NULLS LAST";
    }
}
