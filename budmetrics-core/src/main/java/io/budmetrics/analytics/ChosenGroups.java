package io.budmetrics.analytics;

import static io.budmetrics.analytics.ResultColumns.BUCKET;
import static io.budmetrics.analytics.ResultColumns.IS_OTHERS;
import static io.budmetrics.analytics.ResultColumns.REQUEST_COUNT;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.sql.ConditionSql;
import io.budmetrics.internal.sql.Conditions;
import io.budmetrics.internal.sql.MetricSql.Ranking;
import io.budmetrics.internal.sql.MetricSql.Written;
import io.budmetrics.internal.sql.Scan;
import io.budmetrics.internal.sql.Select;
import io.budmetrics.internal.sql.StatementDraft;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.sql.SqlParameter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses groups over the whole range: those that meet the conditions of <code>having</code>, and of them the first of a
 * ranking.
 *
 * <p>In general that is a scan of its own. A ranking becomes an array of keys, <code>top_groups</code>, whose positions are
 * the ranks; conditions become a set of keys that the other scans look into. Where there is only one bucket, and the numbers
 * of several groups together are the sums of theirs, all groups are counted in one scan, ranked by a window function, and
 * those that are not among the first are added up: the table is read once. Decision 0002 has the measurements.
 */
final class ChosenGroups {
    static final String GROUP_RANK = "group_rank";

    private static final String TOP_GROUPS = "top_groups";

    private final StatementDraft draft;
    private final AnalyticsQuestion question;
    private final RangeSql range;
    private final GroupSql groups;
    private List<String> having = List.of();

    ChosenGroups(StatementDraft draft, AnalyticsQuestion question, RangeSql range, GroupSql groups) {
        this.draft = draft;
        this.question = question;
        this.range = range;
        this.groups = groups;
    }

    private Ranking ranking(Metric<?> metric) {
        return draft.context().metrics().ranking(metric, draft.renderer());
    }

    /** Makes the bounds parameters, on the scale that a ranking has. */
    void addParameters() {
        if (question.having().isEmpty()) {
            return;
        }
        List<String> conditions = new ArrayList<>(question.having().size());
        List<SqlParameter> bounds = new ArrayList<>(question.having().size());
        for (Having condition : question.having()) {
            String name = "having_" + (bounds.size() + 1);
            Metric<?> metric = condition.metric();
            BigDecimal bound = Internals.of(metric)
                    .inRanking(
                            condition.bound(), range.axis().to() - range.axis().from());
            bounds.add(
                    Internals.of(metric).decimal()
                            ? SqlParameter.ofQuotient(name, bound)
                            : SqlParameter.of(name, bound.doubleValue()));
        }
        bounds.forEach(draft::add);
        for (int h = 0; h < bounds.size(); h++) {
            Having condition = question.having().get(h);
            conditions.add(ranking(condition.metric()).sql() + " "
                    + ConditionSql.operator(condition.side()).sql() + " " + bounds.get(h));
        }
        having = conditions;
    }

    /** What must hold of a group, in a scan that counts it. */
    List<String> having() {
        return having;
    }

    /** What a SELECT names, and what the conditions on its groups name. */
    List<String> computedFor(List<String> ofSelect, boolean selectRuns) {
        List<String> named = ofSelect;
        boolean running = selectRuns;
        for (Having condition : question.having()) {
            Ranking held = ranking(condition.metric());
            named = GroupSql.union(named, held.computed());
            running |= held.running();
        }
        return running ? GroupSql.union(named, range.spans()) : named;
    }

    /** The groups with a request in the range that meet the conditions. */
    private Select groupsOfRange(List<String> items, List<String> computed, boolean runs, Conditions conditions) {
        return Select.of(items, range.wholeRange(conditions))
                .with(computedFor(computed, runs))
                .groupByOnOneLine(groups.keys())
                .having(having);
    }

    /** The same scan, of chosen groups only. */
    Scan amongChosen(Scan scan, Conditions conditions) {
        if (question.having().isEmpty()) {
            return scan;
        }
        String keys = groups.keysWithoutNull();
        return scan.in(
                keys,
                groupsOfRange(List.of(keys), groups.classes(), false, conditions)
                        .onOneLine());
    }

    /** Defines the array of the first groups. */
    void defineTopGroups(Select statement, TopN top, Conditions conditions) {
        Ranking by = ranking(top.by());
        Select ranked = groupsOfRange(
                        List.of(groups.keys()),
                        GroupSql.union(groups.classes(), by.computed()),
                        by.running(),
                        conditions)
                .onOneLine()
                .orderBy(order(top, by))
                .limit(top.size());
        // an array of the values themselves is searched sooner, but groupArray leaves out their nulls
        String array = "groupArray(tuple(" + groups.keys() + "))";
        statement.with(
                Select.of(List.of(groups.hasOneKey() ? "tupleElement(" + array + ", 1)" : array), ranked)
                        .onOneLine(),
                TOP_GROUPS);
    }

    /** By what the groups are ranked, and equal ones by their keys. */
    private List<String> order(TopN top, Ranking by) {
        List<String> order = new ArrayList<>(1 + groups.dimensions().size());
        order.add(by.sql() + (top.smallestFirst() ? " ASC" : " DESC") + " NULLS LAST");
        for (Dimension<?> dimension : groups.dimensions()) {
            order.add(GroupSql.order(dimension, GroupSql.key(dimension, false)));
        }
        return order;
    }

    /** The columns of a group by its rank, of requests that arrived or that are in flight. */
    void addRankedColumns(List<CharSequence> items, boolean running) {
        String keys = running ? groups.runningKeys() : groups.keys();
        String key = groups.hasOneKey() ? keys : "tuple(" + keys + ")";
        items.add("indexOf(" + TOP_GROUPS + ", " + key + ") AS " + GROUP_RANK);
        items.add(GROUP_RANK + " = 0 AS " + IS_OTHERS);
        for (int d = 0; d < groups.dimensions().size(); d++) {
            String group = TOP_GROUPS + "[" + GROUP_RANK + "]";
            String value = groups.hasOneKey() ? group : "tupleElement(" + group + ", " + (d + 1) + ")";
            items.add(value + " AS " + GroupSql.alias(groups.dimensions().get(d)));
        }
    }

    /** All groups of the only bucket counted in one scan, and those that are not among the first added up. */
    Select countedThenRanked(
            TopN top, List<Written> aggregates, List<String> computed, List<String> kinds, Conditions conditions) {
        Ranking by = ranking(top.by());
        List<String> counted =
                new ArrayList<>(aggregates.size() + groups.dimensions().size() + 2);
        List<String> items = new ArrayList<>(counted.size() + kinds.size() + 4);
        items.add("if(place <= " + top.size() + ", place, 0) AS " + GROUP_RANK);
        items.add(GROUP_RANK + " = 0 AS " + IS_OTHERS);
        for (Dimension<?> dimension : groups.dimensions()) {
            String key = GroupSql.key(dimension, false);
            items.add("if(is_others, NULL, any(counted." + key + ")) AS " + GroupSql.alias(dimension));
            counted.add(key);
        }
        // grouping() takes no constant
        items.add("materialize(toInt64(" + range.axis().start(0) + ")) AS " + BUCKET);
        items.addAll(kinds);
        items.add(sum(REQUEST_COUNT));
        counted.add("count() AS " + REQUEST_COUNT);
        for (Written aggregate : aggregates) {
            items.add(sum(aggregate.alias()));
            counted.add(aggregate.item());
        }
        counted.add("row_number() OVER (\n            ORDER BY\n                "
                + String.join(",\n                ", order(top, by)) + "\n        ) AS place");
        Select ofGroups = groupsOfRange(counted, GroupSql.union(computed, by.computed()), by.running(), conditions);
        return Select.of(items, ofGroups, "counted");
    }

    private static String sum(String alias) {
        return "sum(counted." + alias + ") AS " + alias;
    }
}
