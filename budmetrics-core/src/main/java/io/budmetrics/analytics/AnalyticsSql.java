package io.budmetrics.analytics;

import static io.budmetrics.analytics.ChosenGroups.GROUP_RANK;
import static io.budmetrics.analytics.ResultColumns.BUCKET;
import static io.budmetrics.analytics.ResultColumns.COMPARED;
import static io.budmetrics.analytics.ResultColumns.IS_OTHERS;
import static io.budmetrics.analytics.ResultColumns.PART;
import static io.budmetrics.analytics.ResultColumns.REQUEST_COUNT;
import static io.budmetrics.analytics.ResultColumns.TOTALS;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.Conditions;
import io.budmetrics.internal.sql.Item;
import io.budmetrics.internal.sql.MetricSql.Written;
import io.budmetrics.internal.sql.Select;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.internal.sql.StatementDraft;
import io.budmetrics.internal.sql.UnionAll;
import io.budmetrics.metric.Metric;
import io.budmetrics.sql.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statement of one analytics question. It returns the rows that have traffic, with sums and counts rather than
 * ratios; the answer computes everything else.
 *
 * <p>Requests that arrived are grouped by the question's dimensions and the bucket of their arrival: that is one SELECT over
 * one scan. What is put around it depends on the question:
 * <ul>
 *   <li>Metrics about concurrency are a second SELECT, of {@linkplain RunningSql requests in flight}; both have the same
 *       columns, filled where they apply, and are joined by UNION ALL, since a join would lose null groups.
 *   <li>A comparison is the same over a second range, joined likewise (decision 0013).
 *   <li>Groups are chosen by {@link ChosenGroups}, in a scan before, or in this one (decision 0002).
 *   <li>Totals are grouping sets of the same scan (decision 0012); a column says what a row is about.
 *   <li>A delta begins one bucket earlier.
 *   <li>A layout is translated to logical columns in a WITH clause (decision 0011).
 * </ul>
 * Rows come in the order of groups, then of time (decision 0001). The decisions are in <code>docs/decisions</code>.
 */
final class AnalyticsSql {
    private static final String REQUESTS = "requests";
    private static final String IN_RANGE = "in_range";
    private static final List<String> ONLY_BUCKET = List.of(BUCKET);
    private static final List<String> ORDERED_BY_BUCKET = List.of(BUCKET + " ASC");
    private static final List<Item> EVERYTHING = List.of(Item.of("*"));
    private static final Item ARRIVED_PART = Item.of("0 AS " + PART);
    private static final Item RUNNING_PART = Item.of("1 AS " + PART);
    private static final Item ARRIVED_COUNT = Item.of("count() AS " + REQUEST_COUNT);
    private static final Item RUNNING_COUNT = Item.of("NULL AS " + REQUEST_COUNT);
    private static final Item SLOT = Item.of("slot AS " + BUCKET);

    private final StatementDraft draft;
    private final AnalyticsQuestion question;
    private final List<Written> aggregates;
    private final GroupSql groups;
    /** The columns that rows of one bucket are grouped by, the bucket last. */
    private final List<String> rowKeys;

    private final boolean inFlight;
    private final RangeSql own;
    private final @Nullable RangeSql compared;
    private final ChosenGroups chosen;
    private final Conditions conditions;
    /** What the groups and the aggregates name, as items of a WITH clause. */
    private final List<String> computed;
    /** Whether groups are chosen after they were counted, as those of a single bucket can be: the table is read once. */
    private final boolean countsFirst;

    AnalyticsSql(StatementContext context, AnalyticsQuestion question) {
        this.draft = new StatementDraft(context);
        this.question = question;
        this.aggregates = aggregates(question.metrics());
        this.groups = new GroupSql(question.groupBy(), draft.renderer());
        this.rowKeys = rowKeys();
        List<String> allComputed = groups.classes();
        boolean anyInFlight = false;
        boolean allAddUp = true;
        for (Written aggregate : aggregates) {
            anyInFlight |= aggregate.running();
            allAddUp &= aggregate.addsUp();
            allComputed = GroupSql.union(allComputed, aggregate.computed());
        }
        this.inFlight = anyInFlight;
        Set<String> needed = context.translates() ? AnalyticsColumns.of(question, context) : Set.of();
        this.own = new RangeSql(question, question, inFlight, false, context, REQUESTS, needed);
        Optional<AnalyticsQuestion> other = question.compared();
        this.compared = other.isEmpty()
                ? null
                : new RangeSql(other.get(), question, inFlight, true, context, COMPARED + '_' + REQUESTS, needed);
        this.chosen = new ChosenGroups(draft, question, own, groups);
        this.countsFirst =
                own.hasSingleBucket() && !isUnion() && (question.top().isPresent() ? allAddUp : !question.withTotals());
        this.computed = countsFirst ? chosen.computedFor(allComputed, false) : allComputed;
        own.addParameters(draft);
        if (compared != null) {
            compared.addParameters(draft);
        }
        this.conditions = draft.conditions(question.filters(), question.trafficSource());
        chosen.addParameters();
    }

    /** What the metrics need, each column once. */
    private List<Written> aggregates(List<Metric<?>> metrics) {
        int most = 0;
        for (Metric<?> metric : metrics) {
            most += Internals.of(metric).aggregates().size();
        }
        if (most == 0) {
            return List.of();
        }
        List<Written> written = new ArrayList<>(most);
        for (Metric<?> metric : metrics) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                if (!has(written, aggregate.alias())) {
                    written.add(draft.context().metrics().aggregate(aggregate, draft.renderer()));
                }
            }
        }
        return written;
    }

    /** There are few of them, and a set would cost more than it saves. */
    private static boolean has(List<Written> written, String alias) {
        for (int i = 0; i < written.size(); i++) {
            if (written.get(i).alias().equals(alias)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is more than one aggregation. */
    private boolean isUnion() {
        return inFlight || compared != null;
    }

    SqlStatement<AnalyticsAnswer> statement() {
        AnalyticsQuestion asked = question;
        Select statement = select();
        statement.orderBy(order());
        return draft.statement(statement, columns -> AnalyticsAnswer.of(asked, columns));
    }

    /** How often the range is read only to choose groups. */
    int scansToChooseGroups() {
        if (countsFirst) {
            return 0;
        }
        return (question.top().isPresent() ? 1 : 0) + (question.having().isEmpty() ? 0 : 1);
    }

    private Select select() {
        Optional<TopN> top = question.top();
        Select statement;
        if (countsFirst && top.isPresent()) {
            List<Item> kinds = new ArrayList<>(3);
            addKinds(kinds, own);
            statement = chosen.countedThenRanked(top.get(), aggregates, computed, kinds, conditions);
            groupBy(statement);
            return define(statement, Optional.empty());
        }
        Select arrived = arrived(own);
        if (!isUnion()) {
            return define(arrived, top).with(computed);
        }
        List<Select> parts = new ArrayList<>(4);
        for (RangeSql range : compared == null ? List.of(own) : List.of(own, compared)) {
            parts.add((range == own ? arrived : arrived(range)).with(computed));
            if (inFlight) {
                parts.add(running(range));
            }
        }
        return define(Select.of(EVERYTHING, new UnionAll(parts)).onOneLine(), top);
    }

    /** Defines what the scans read and, for a ranking, the groups they look up. */
    private Select define(Select statement, Optional<TopN> top) {
        statement.with(own.relation());
        if (compared != null) {
            statement.with(compared.relation());
        }
        if (top.isPresent()) {
            chosen.defineTopGroups(statement, top.get(), conditions);
        }
        return statement;
    }

    private Select arrived(RangeSql range) {
        List<Item> items = items();
        groupColumns(items, false);
        items.add(range.arrivalBucket());
        addKinds(items, range);
        items.add(ARRIVED_COUNT);
        addAggregates(items, false);
        Select select = Select.of(
                items,
                countsFirst ? range.arrived(conditions) : chosen.amongChosen(range.arrived(conditions), conditions));
        groupBy(select);
        return select;
    }

    private Select running(RangeSql range) {
        List<Item> items = items();
        groupColumns(items, true);
        items.add(SLOT);
        addKinds(items, range);
        items.add(RUNNING_COUNT);
        addAggregates(items, true);
        Select spans = RunningSql.spans(
                range, groups, question.withDelta(), chosen.amongChosen(range.running(conditions), conditions));
        Select select = Select.of(items, spans).where(RunningSql.conditions(range, question.withDelta()));
        groupBy(select);
        return select;
    }

    private List<Item> items() {
        return new ArrayList<>(aggregates.size() + groups.keys().size() + (inFlight ? 7 : 5));
    }

    private void groupColumns(List<Item> items, boolean running) {
        if (question.top().isPresent()) {
            chosen.addRankedColumns(items, running);
            return;
        }
        for (GroupKey key : groups.keys()) {
            items.add(running ? key.runningColumn() : key.column());
        }
    }

    /**
     * What a row is about: of which range it is, and whether it is a total; with deltas also which rows a total is of, since
     * the bucket before the range is in none.
     */
    private void addKinds(List<Item> items, RangeSql range) {
        if (compared != null) {
            items.add(Item.of((range.isCompared() ? "1 AS " : "0 AS ") + COMPARED));
        }
        if (question.withTotals()) {
            if (question.withDelta()) {
                items.add(Item.of(BUCKET + " >= " + range.axis().start(0) + " AS " + IN_RANGE));
            }
            String first = groups.keys().isEmpty() ? "" : rowKeys.get(0) + ", ";
            items.add(Item.of("grouping(" + first + BUCKET + ") AS " + TOTALS));
        }
    }

    /** The aggregates of one population; the others' columns are empty. */
    private void addAggregates(List<Item> items, boolean running) {
        for (Written aggregate : aggregates) {
            items.add(aggregate.running() == running ? aggregate.item() : aggregate.empty());
        }
        if (inFlight) {
            items.add(running ? RUNNING_PART : ARRIVED_PART);
        }
    }

    private List<String> rowKeys() {
        if (groups.keys().isEmpty() && question.top().isEmpty()) {
            return ONLY_BUCKET;
        }
        List<String> keys = new ArrayList<>(groups.keys().size() + 1);
        if (question.top().isPresent()) {
            keys.add(GROUP_RANK);
        } else {
            for (GroupKey key : groups.keys()) {
                keys.add(key.alias());
            }
        }
        keys.add(BUCKET);
        return keys;
    }

    private void groupBy(Select select) {
        if (question.withTotals()) {
            select.groupingSets(groupingSets());
            // the set without keys has a row even where there is nothing
            select.having(List.of(question.withDelta() ? IN_RANGE + " OR " + TOTALS + " IN (0, 2)" : "count() > 0"));
            return;
        }
        select.groupBy(rowKeys);
        if (countsFirst && question.top().isEmpty()) {
            select.having(chosen.having());
        }
    }

    /** Each row goes into its bucket and, in the same scan, into the totals. */
    private List<List<String>> groupingSets() {
        List<String> keys = rowKeys.subList(0, rowKeys.size() - 1);
        List<String> range = question.withDelta() ? List.of(IN_RANGE) : List.of();
        List<List<String>> sets = new ArrayList<>(4);
        for (List<String> group : keys.isEmpty() ? List.of(keys) : List.of(keys, List.<String>of())) {
            for (List<String> time : List.of(List.of(BUCKET), range)) {
                sets.add(Stream.concat(group.stream(), time.stream()).toList());
            }
        }
        return sets;
    }

    private List<String> order() {
        if (rowKeys.size() == 1 && !isUnion() && !question.withTotals()) {
            return ORDERED_BY_BUCKET;
        }
        List<String> order = new ArrayList<>(groups.keys().size() + 5);
        if (question.withTotals() && !groups.keys().isEmpty()) {
            order.add(TOTALS + " > 1 ASC");
        }
        if (question.top().isPresent()) {
            order.add(IS_OTHERS + " ASC");
            order.add(GROUP_RANK + " ASC");
        } else {
            for (GroupKey key : groups.keys()) {
                order.add(key.ascending());
            }
        }
        if (compared != null) {
            order.add(COMPARED + " ASC");
        }
        if (question.withTotals()) {
            order.add(TOTALS + " ASC");
        }
        order.add(BUCKET + " ASC");
        if (inFlight) {
            order.add(PART + " ASC");
        }
        return order;
    }
}
