package io.budmetrics.internal.sql;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A SELECT: with, items, from, where, group by, having, order by, limit. Its clauses are text over logical columns; what it
 * reads is a {@link Source}, so every table in a statement is reached through a {@link Scan}. Filled while a statement is
 * written, by one thread, and then left alone.
 */
public final class Select implements Source {
    private final List<Item> items;
    private final Source from;
    private final String alias;
    private boolean onOneLine = false;
    /** Texts, relations and scalar SELECTs, in their order. */
    private List<Object> with = List.of();

    private List<String> where = List.of();
    private List<String> groupBy = List.of();
    private boolean groupByOnOneLine = false;
    private List<List<String>> groupingSets = List.of();
    private List<String> having = List.of();
    private List<String> orderBy = List.of();
    private int limit = 0;

    private Select(List<Item> items, Source from, String alias) {
        this.items = items;
        this.from = from;
        this.alias = alias;
    }

    /** A SELECT whose result is one value of a WITH clause. */
    private record Scalar(Select select, String name) {}

    /**
     * Items of a source.
     *
     * @param items one or more expressions, each with its name
     * @param from what is read
     * @return a SELECT without further clauses
     */
    public static Select of(List<Item> items, Source from) {
        return new Select(items, from, "");
    }

    /**
     * Items of another SELECT under a name.
     *
     * @param items one or more expressions, each with its name
     * @param from what is read
     * @param alias what its columns are qualified by
     * @return a SELECT without further clauses
     */
    public static Select of(List<Item> items, Select from, String alias) {
        return new Select(items, from, alias);
    }

    /**
     * Writes the items behind SELECT, for short ones.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public Select onOneLine() {
        onOneLine = true;
        return this;
    }

    /**
     * Defines expressions that the other clauses name.
     *
     * @param expressions each with its name
     * @return this
     */
    @CanIgnoreReturnValue
    public Select with(List<String> expressions) {
        if (!expressions.isEmpty()) {
            definitions().addAll(expressions);
        }
        return this;
    }

    /**
     * Defines a relation, unless it is a table.
     *
     * @param relation what scans read
     * @return this
     */
    @CanIgnoreReturnValue
    public Select with(Relation relation) {
        if (relation.isTranslated()) {
            definitions().add(relation);
        }
        return this;
    }

    /**
     * Defines one value.
     *
     * @param select yields one row with one column
     * @param name what the other clauses call it
     * @return this
     */
    @CanIgnoreReturnValue
    public Select with(Select select, String name) {
        definitions().add(new Scalar(select, name));
        return this;
    }

    private List<Object> definitions() {
        if (with.isEmpty()) {
            with = new ArrayList<>(4);
        }
        return with;
    }

    /**
     * Keeps some rows of a SELECT; requests are filtered by their scan.
     *
     * @param conditions that must all hold
     * @return this
     */
    @CanIgnoreReturnValue
    public Select where(List<String> conditions) {
        where = conditions;
        return this;
    }

    /**
     * Groups rows.
     *
     * @param keys one or more
     * @return this
     */
    @CanIgnoreReturnValue
    public Select groupBy(List<String> keys) {
        groupBy = keys;
        return this;
    }

    /**
     * Groups rows, with all keys on one line.
     *
     * @param keys as they are written in the clause
     * @return this
     */
    @CanIgnoreReturnValue
    public Select groupByOnOneLine(String keys) {
        groupBy = List.of(keys);
        groupByOnOneLine = true;
        return this;
    }

    /**
     * Groups rows several times in one scan.
     *
     * @param sets the keys of each grouping
     * @return this
     */
    @CanIgnoreReturnValue
    public Select groupingSets(List<List<String>> sets) {
        groupingSets = sets;
        return this;
    }

    /**
     * Keeps some groups.
     *
     * @param conditions that must all hold
     * @return this
     */
    @CanIgnoreReturnValue
    public Select having(List<String> conditions) {
        having = conditions;
        return this;
    }

    /**
     * Orders the result.
     *
     * @param keys with their directions
     * @return this
     */
    @CanIgnoreReturnValue
    public Select orderBy(List<String> keys) {
        orderBy = keys;
        return this;
    }

    /**
     * Ends the result early.
     *
     * @param rows 1 or more
     * @return this
     */
    @CanIgnoreReturnValue
    public Select limit(int rows) {
        limit = rows;
        return this;
    }

    /** Appends it without the blanks before its first line and without the end of its last one. */
    void append(StringBuilder out, int depth) {
        appendWith(out, depth);
        out.append("SELECT");
        appendItems(out, depth);
        from.appendFrom(out.append(Lines.next(depth)), depth);
        if (!alias.isEmpty()) {
            out.append(" AS ").append(alias);
        }
        appendConditions(out, "WHERE ", where, depth);
        if (!groupBy.isEmpty()) {
            appendList(out.append(Lines.next(depth)).append("GROUP BY"), groupBy, groupByOnOneLine, depth);
        }
        if (!groupingSets.isEmpty()) {
            appendGroupingSets(out, depth);
        }
        appendConditions(out, "HAVING ", having, depth);
        if (!orderBy.isEmpty()) {
            appendList(out.append(Lines.next(depth)).append("ORDER BY"), orderBy, false, depth);
        }
        if (limit > 0) {
            out.append(Lines.next(depth)).append("LIMIT ").append(limit);
        }
    }

    private void appendWith(StringBuilder out, int depth) {
        if (with.isEmpty()) {
            return;
        }
        out.append("WITH");
        for (int i = 0; i < with.size(); i++) {
            out.append(i == 0 ? Lines.next(depth + 1) : Lines.nextItem(depth + 1));
            Object definition = with.get(i);
            if (definition instanceof Scalar scalar) {
                out.append('(').append(Lines.next(depth + 2));
                scalar.select.append(out, depth + 2);
                out.append(Lines.next(depth + 1)).append(") AS ").append(scalar.name);
            } else {
                out.append(definition instanceof Relation relation ? relation.definition() : definition);
            }
        }
        out.append(Lines.next(depth));
    }

    private void appendItems(StringBuilder out, int depth) {
        String first = onOneLine ? " " : Lines.next(depth + 1);
        String next = onOneLine ? ", " : Lines.nextItem(depth + 1);
        for (int i = 0; i < items.size(); i++) {
            items.get(i).append(out.append(i == 0 ? first : next));
        }
    }

    private static void appendList(StringBuilder out, List<String> list, boolean oneLine, int depth) {
        String first = oneLine ? " " : Lines.next(depth + 1);
        String next = oneLine ? ", " : Lines.nextItem(depth + 1);
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? first : next).append(list.get(i));
        }
    }

    private static void appendConditions(StringBuilder out, String word, List<String> conditions, int depth) {
        for (int i = 0; i < conditions.size(); i++) {
            out.append(i == 0 ? Lines.next(depth) : Lines.next(depth + 1))
                    .append(i == 0 ? word : "AND ")
                    .append(conditions.get(i));
        }
    }

    private void appendGroupingSets(StringBuilder out, int depth) {
        out.append(Lines.next(depth)).append("GROUP BY GROUPING SETS");
        out.append(Lines.next(depth)).append('(');
        for (int s = 0; s < groupingSets.size(); s++) {
            out.append(s == 0 ? Lines.next(depth + 1) : Lines.nextItem(depth + 1))
                    .append('(');
            appendKeys(out, groupingSets.get(s));
            out.append(')');
        }
        out.append(Lines.next(depth)).append(')');
    }

    private static void appendKeys(StringBuilder out, List<String> keys) {
        for (int k = 0; k < keys.size(); k++) {
            out.append(k == 0 ? "" : ", ").append(keys.get(k));
        }
    }

    @Override
    public int length(int depth) {
        // the words of clauses and the parentheses around a SELECT
        int length = 36 + 8 * depth + from.length(depth + (from instanceof Select ? 1 : 0));
        for (int i = 0; i < items.size(); i++) {
            length += items.get(i).length() + 4 * depth + 6;
        }
        for (int i = 0; i < with.size(); i++) {
            length += length(with.get(i), depth + 1);
        }
        for (int i = 0; i < groupingSets.size(); i++) {
            length += 8 + Lines.length(groupingSets.get(i), depth + 1);
        }
        return length
                + Lines.length(where, depth + 1)
                + Lines.length(groupBy, depth + 1)
                + Lines.length(having, depth + 1)
                + Lines.length(orderBy, depth + 1);
    }

    private static int length(Object definition, int depth) {
        if (definition instanceof Scalar scalar) {
            return scalar.select.length(depth + 1) + scalar.name.length() + 8 * depth + 16;
        }
        return Lines.length(
                definition instanceof Relation relation ? relation.definition() : (String) definition, depth);
    }

    @Override
    public void appendFrom(StringBuilder out, int depth) {
        out.append("FROM").append(Lines.next(depth)).append('(').append(Lines.next(depth + 1));
        append(out, depth + 1);
        out.append(Lines.next(depth)).append(')');
    }

    @Override
    public void forEachScan(Consumer<Scan> visit) {
        from.forEachScan(visit);
        for (Object definition : with) {
            if (definition instanceof Scalar scalar) {
                scalar.select.forEachScan(visit);
            }
        }
    }
}
