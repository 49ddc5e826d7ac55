package io.budmetrics.analytics;

import static io.budmetrics.analytics.ResultColumns.BUCKET;
import static io.budmetrics.analytics.ResultColumns.IS_OTHERS;
import static io.budmetrics.analytics.ResultColumns.REQUEST_COUNT;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.sql.ConditionSql;
import io.budmetrics.internal.sql.Conditions;
import io.budmetrics.internal.sql.Item;
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
    /** The group of a row by its rank. */
    private static final String GROUP = TOP_GROUPS + "[" + GROUP_RANK + "]";

    private static final Item OTHERS = Item.of(GROUP_RANK + " = 0 AS " + IS_OTHERS);

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
    private Select groupsOfRange(List<Item> items, List<String> computed, boolean runs, Conditions conditions) {
        return Select.of(items, range.wholeRange(conditions))
                .with(computedFor(computed, runs))
                .groupByOnOneLine(groups.joinedKeys())
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
                groupsOfRange(List.of(Item.of(keys)), groups.classes(), false, conditions)
                        .onOneLine());
    }

    /** Defines the array of the first groups. */
    void defineTopGroups(Select statement, TopN top, Conditions conditions) {
        Ranking by = ranking(top.by());
        String keys = groups.joinedKeys();
        Select ranked = groupsOfRange(
                        List.of(Item.of(keys)),
                        GroupSql.union(groups.classes(), by.computed()),
                        by.running(),
                        conditions)
                .onOneLine()
                .orderBy(order(top, by))
                .limit(top.size());
        // an array of the values themselves is searched sooner, but groupArray leaves out their nulls
        String array = groups.hasOneKey()
                ? "tupleElement(groupArray(tuple(" + keys + ")), 1)"
                : "groupArray(tuple(" + keys + "))";
        statement.with(Select.of(List.of(Item.of(array)), ranked).onOneLine(), TOP_GROUPS);
    }

    /** By what the groups are ranked, and equal ones by their keys. */
    private List<String> order(TopN top, Ranking by) {
        List<String> order = new ArrayList<>(1 + groups.keys().size());
        order.add(by.sql() + (top.smallestFirst() ? " ASC" : " DESC") + " NULLS LAST");
        for (GroupKey key : groups.keys()) {
            order.add(key.keyAscending());
        }
        return order;
    }

    /** The columns of a group by its rank, of requests that arrived or that are in flight. */
    void addRankedColumns(List<Item> items, boolean running) {
        String keys = running ? groups.joinedRunningKeys() : groups.joinedKeys();
        String key = groups.hasOneKey() ? keys : "tuple(" + keys + ")";
        items.add(Item.of("indexOf(" + TOP_GROUPS + ", " + key + ") AS " + GROUP_RANK));
        items.add(OTHERS);
        for (int d = 0; d < groups.keys().size(); d++) {
            String value = groups.hasOneKey() ? GROUP : "tupleElement(" + GROUP + ", " + (d + 1) + ")";
            items.add(Item.of(value + " AS " + groups.keys().get(d).alias()));
        }
    }

    /** All groups of the only bucket counted in one scan, and those that are not among the first added up. */
    Select countedThenRanked(
            TopN top, List<Written> aggregates, List<String> computed, List<Item> kinds, Conditions conditions) {
        Ranking by = ranking(top.by());
        List<Item> counted = new ArrayList<>(aggregates.size() + groups.keys().size() + 2);
        List<Item> items = new ArrayList<>(counted.size() + kinds.size() + 4);
        items.add(Item.of("if(place <= " + top.size() + ", place, 0) AS " + GROUP_RANK));
        items.add(OTHERS);
        for (GroupKey key : groups.keys()) {
            items.add(Item.of("if(is_others, NULL, any(counted." + key.key() + ")) AS " + key.alias()));
            counted.add(Item.of(key.key()));
        }
        // grouping() takes no constant
        items.add(Item.of("materialize(toInt64(" + range.axis().start(0) + ")) AS " + BUCKET));
        items.addAll(kinds);
        items.add(sum(REQUEST_COUNT));
        counted.add(Item.of("count() AS " + REQUEST_COUNT));
        for (Written aggregate : aggregates) {
            items.add(sum(aggregate.alias()));
            counted.add(aggregate.item());
        }
        counted.add(Item.of("row_number() OVER (\n            ORDER BY\n                "
                + String.join(",\n                ", order(top, by)) + "\n        ) AS place"));
        Select ofGroups = groupsOfRange(counted, GroupSql.union(computed, by.computed()), by.running(), conditions);
        return Select.of(items, ofGroups, "counted");
    }

    private static Item sum(String alias) {
        return Item.of("sum(counted." + alias + ") AS " + alias);
    }
}
