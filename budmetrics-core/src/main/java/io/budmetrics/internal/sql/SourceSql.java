package io.budmetrics.internal.sql;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Identifier;
import io.budmetrics.internal.expr.SqlFunction;
import io.budmetrics.internal.layout.LayoutSource;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Translates the tables of a layout into logical columns, as a common table expression that the rest of the statement reads
 * like a table. Only what is needed is translated.
 */
public final class SourceSql {
    /** What the rest of the statement reads. */
    public static final String REQUESTS = "requests";

    private static final String ROW = "stored";
    private static final String NEWEST = "newest_row";
    private static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();
    private static final Map<String, String> TYPES =
            InferenceFact.columns().stream().collect(Collectors.toUnmodifiableMap(Column::name, Column::type));

    private final Layout layout;
    private final LayoutSource first;
    private final StringBuilder sql = new StringBuilder(512);

    private SourceSql(Layout layout) {
        this.layout = layout;
        this.first = Internals.of(layout).sources().get(0);
    }

    /** Under the name of its table, so that it is never taken for a logical column of the same name. */
    public static String column(Expr.Stored stored) {
        return column(stored.column());
    }

    private static String column(Identifier column) {
        return ROW + '.' + column.sql();
    }

    /**
     * The expression, without a line's end.
     *
     * @param name what the rest of the statement calls it
     * @param needed the logical columns
     * @param since the first moment that the statement reads, as SQL
     * @param until the moment behind the last, likewise
     */
    static String of(Layout layout, String name, Set<String> needed, String since, String until) {
        SourceSql source = new SourceSql(layout);
        source.sql.append(name).append(" AS\n    (\n");
        source.requests(needed, since, until);
        return source.sql.append("    )").toString();
    }

    /** The tables that hold some logical columns, the first one of the layout before the others. */
    static List<String> tables(Layout layout, Set<String> needed) {
        List<String> tables = new ArrayList<>();
        tables.add(Internals.of(layout).sources().get(0).sql());
        bySource(layout, needed).keySet().forEach(source -> {
            if (!tables.contains(source.sql())) {
                tables.add(source.sql());
            }
        });
        return List.copyOf(tables);
    }

    private static Map<LayoutSource, List<String>> bySource(Layout layout, Set<String> needed) {
        Map<LayoutSource, List<String>> bySource = new LinkedHashMap<>();
        for (String name : needed) {
            LayoutSource holder = Internals.of(layout).sources().stream()
                    .filter(source -> source.columns().containsKey(name))
                    .findFirst()
                    .orElse(Internals.of(layout).sources().get(0));
            bySource.computeIfAbsent(holder, source -> new ArrayList<>()).add(name);
        }
        return bySource;
    }

    private void requests(Set<String> needed, String since, String until) {
        Map<LayoutSource, List<String>> bySource = bySource(layout, needed);
        // the arrival time is always needed
        List<String> ofFirst = Objects.requireNonNull(bySource.remove(first));
        if (bySource.isEmpty()) {
            select(first, ofFirst, "        ", present());
            return;
        }
        sql.append("        SELECT\n            ")
                .append(needed.stream().sorted().collect(Collectors.joining(",\n            ")));
        sql.append("\n        FROM\n        (\n");
        List<String> withKeys = new ArrayList<>(ofFirst);
        bySource.keySet().forEach(other -> {
            if (!withKeys.contains(key(other).name())) {
                withKeys.add(key(other).name());
            }
        });
        select(first, withKeys, "            ", present());
        sql.append("        ) AS ").append(first.name());
        bySource.forEach((other, names) -> {
            Identifier key = key(other);
            String mine = other.name() + "_" + key.name();
            sql.append("\n        LEFT JOIN\n        (\n");
            select(other, names, "            ", arrived(key, "            ", since, until));
            sql.append("        ) AS ").append(other.name());
            sql.append(" ON ").append(key.sql()).append(" = ").append(mine).append('\n');
        });
    }

    private static Identifier key(LayoutSource other) {
        return other.keys().get(0);
    }

    /** Those that arrived in time, so that not all that ever was has to be grouped. */
    private String arrived(Identifier key, String indent, String since, String until) {
        String i = "\n" + indent;
        String moment = new ExprRenderer(layout)
                .render(Objects.requireNonNull(first.columns().get(ARRIVAL)));
        return column(key) + " IN" + i + "(" + i + "    SELECT " + column(key) + i + "    FROM " + first.sql() + " AS "
                + ROW + i + "    WHERE " + moment + " >= " + since + i + "        AND " + moment + " < " + until + i
                + ")";
    }

    private void select(LayoutSource source, List<String> names, String indent, String condition) {
        boolean grouped = !source.keys().isEmpty() && !layout.uniqueRows();
        List<Identifier> inNewest = new ArrayList<>();
        Map<Expr.Stored, String> positions = new HashMap<>();
        List<String> items = new ArrayList<>();
        if (grouped) {
            for (String name : names) {
                Expr expr = source.columns().get(name);
                if (expr != null) {
                    collect(expr, source.keys(), inNewest);
                }
            }
            for (int i = 0; i < inNewest.size(); i++) {
                positions.put(
                        new Expr.Stored(source.name(), inNewest.get(i)),
                        "tupleElement(" + NEWEST + ", " + (i + 1) + ")");
            }
            if (!inNewest.isEmpty()) {
                items.add("argMax(tuple(" + joined(inNewest) + "), tuple(" + joined(source.newestBy()) + ")) AS "
                        + NEWEST);
            }
        }
        if (!source.equals(first)) {
            items.add(column(key(source)) + " AS " + source.name() + "_"
                    + key(source).name());
        }
        ExprRenderer renderer = new ExprRenderer(layout, positions);
        for (String name : names) {
            Expr expr = source.columns().get(name);
            items.add((expr == null ? unknown(name) : renderer.render(expr)) + " AS " + name);
        }
        String inner = indent + "    ";
        sql.append(indent).append("SELECT\n").append(inner).append(String.join(",\n" + inner, items));
        sql.append('\n')
                .append(indent)
                .append("FROM ")
                .append(source.sql())
                .append(" AS ")
                .append(ROW);
        sql.append(source.withFinal() && !layout.uniqueRows() ? " FINAL\n" : "\n");
        sql.append(indent).append("WHERE ").append(condition).append('\n');
        if (grouped) {
            sql.append(indent).append("GROUP BY\n").append(inner);
            sql.append(source.keys().stream().map(SourceSql::column).collect(Collectors.joining(",\n" + inner)));
            sql.append('\n');
        }
    }

    /** A row that is of no time is no request of any period. */
    private String present() {
        Expr arrival = Objects.requireNonNull(first.columns().get(ARRIVAL));
        if (arrival instanceof Expr.Cast cast
                && cast.value() instanceof Expr.Call call
                && call.function() == SqlFunction.ASSUME_NOT_NULL) {
            arrival = call.arguments().get(0);
        }
        return new ExprRenderer(layout).render(arrival) + " IS NOT NULL";
    }

    private static String unknown(String name) {
        String type = Objects.requireNonNull(TYPES.get(name));
        return "CAST(NULL, " + ExprRenderer.quoted(type) + ")";
    }

    private static String joined(List<Identifier> columns) {
        return columns.stream().map(SourceSql::column).collect(Collectors.joining(", "));
    }

    private static void collect(Expr expr, List<Identifier> keys, List<Identifier> found) {
        expr.forEach(part -> {
            if (part instanceof Expr.Stored stored
                    && !keys.contains(stored.column())
                    && !found.contains(stored.column())) {
                found.add(stored.column());
            }
        });
    }
}
