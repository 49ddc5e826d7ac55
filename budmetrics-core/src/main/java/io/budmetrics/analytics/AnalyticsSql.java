package io.budmetrics.analytics;

import static io.budmetrics.analytics.ResultColumns.BUCKET;
import static io.budmetrics.analytics.ResultColumns.COMPARED;
import static io.budmetrics.analytics.ResultColumns.IS_OTHERS;
import static io.budmetrics.analytics.ResultColumns.PART;
import static io.budmetrics.analytics.ResultColumns.REQUEST_COUNT;
import static io.budmetrics.analytics.ResultColumns.TOTALS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.analytics.SqlCompiler.Item;
import io.budmetrics.analytics.SqlCompiler.Ranking;
import io.budmetrics.analytics.SqlCompiler.Written;
import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Aggregate.Population;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.internal.sql.ConditionSql;
import io.budmetrics.internal.sql.ExprRenderer;
import io.budmetrics.internal.sql.NeededColumns;
import io.budmetrics.internal.sql.PlacedValues;
import io.budmetrics.internal.sql.SourceSql;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the statement of one analytics question. */
final class AnalyticsSql {
    private static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();
    private static final String ARRIVAL_MICROS = "toUnixTimestamp64Micro(" + ARRIVAL + ")";
    private static final String PROMPT = InferenceFact.PROMPT_ID.name();
    private static final String WITHOUT_PROMPT = "\n    AND (" + PROMPT + " IS NULL OR " + PROMPT + " = '')";
    private static final String WITH_PROMPT = "\n    AND " + PROMPT + " != ''";
    private static final String DURATION = InferenceFact.RESPONSE_TIME_US.name();
    private static final String INSTANT_TYPE = ":DateTime64(6, 'UTC')}";
    /** A hundred and thirty-five years: keeps the end of an absurd duration from wrapping round. */
    private static final long LONGEST_DURATION = 4_260_211_200_000_000L;

    private static final String END_MICROS = ARRIVAL_MICROS + " + least(" + DURATION + ", " + LONGEST_DURATION + ")";

    private static final String UNION_ALL = "\n    UNION ALL\n";
    private static final String GROUP_RANK = "group_rank";
    private static final String IN_RANGE = "in_range";
    private static final Item ARRIVED_PART = Item.of("0 AS " + PART);
    private static final Item RUNNING_PART = Item.of("1 AS " + PART);

    private final SqlCompiler compiler;
    private final AnalyticsQuestion question;
    private final List<SqlParameter> parameters = new ArrayList<>();
    private final ExprRenderer renderer;
    private final StringBuilder sql;
    /** The first bucket that is scanned: the one before the range when deltas need it. */
    private final int firstBucket;

    private final Side own;
    private final Optional<Side> compared;
    private final List<Written> aggregates;
    private final boolean inFlight;
    /** What the groups are made of and no column holds. */
    private final List<String> classes;
    /** The same and what the aggregates name, as items of a WITH clause. */
    private final List<String> computed;
    /** The columns that the groups are made of. */
    private final String keys;

    private final String filters;
    private final List<SqlParameter> havingParameters;
    /** With what the groups are held to. */
    private final String filtersOfGroups;
    /** Whether groups are chosen after they were counted, as those of a single bucket can be: the table is read once. */
    private final boolean countsFirst;

    AnalyticsSql(SqlCompiler compiler, AnalyticsQuestion question) {
        this.compiler = compiler;
        this.question = question;
        this.firstBucket = question.withDelta() ? -1 : 0;
        this.own = new Side(BucketAxis.of(question.range(), question.frequency()), "", compiler.source());
        this.compared = question.compared()
                .map(other -> new Side(
                        BucketAxis.of(other.range(), other.frequency()),
                        COMPARED + '_',
                        compiler.translates() ? COMPARED + '_' + SourceSql.REQUESTS : compiler.source()));
        this.renderer = compiler.renderer().with(new PlacedValues(parameters));
        this.aggregates = aggregates(question.metrics());
        this.classes = classes(question.groupBy());
        List<String> allComputed = classes;
        boolean anyInFlight = false;
        boolean allAddUp = true;
        int items = 0;
        int empty = 0;
        for (Written aggregate : aggregates) {
            anyInFlight |= aggregate.running();
            allAddUp &= aggregate.addsUp();
            items += aggregate.item().inner().length();
            empty += aggregate.empty().inner().length();
            allComputed = with(allComputed, aggregate.computed());
        }
        this.inFlight = anyInFlight;
        this.countsFirst = own.axis.count() - firstBucket == 1
                && !isUnion()
                && (question.top().isPresent() ? allAddUp : !question.withTotals());
        this.computed = countsFirst ? computedForHaving(allComputed, false) : allComputed;
        this.keys = keys(question.groupBy(), false);
        own.addParameters();
        compared.ifPresent(Side::addParameters);
        this.filters = filters();
        this.sql = new StringBuilder(length(items, empty));
        this.havingParameters = havingParameters();
        this.filtersOfGroups = countsFirst ? filters : filtersOfGroups();
    }

    /** About as many characters as the text has, so that they are copied once. */
    private int length(int items, int empty) {
        int dimensions = question.groupBy().size();
        int length = 512 + 128 * dimensions + items + filters.length();
        if (inFlight) {
            length += 1536 + 64 * dimensions + empty + 2 * filters.length();
        }
        if (compared.isPresent()) {
            length *= 2;
        }
        return question.top().isPresent() ? length + 768 + 2 * filters.length() : length;
    }

    SqlStatement<AnalyticsAnswer> statement() {
        if (compiler.translates()) {
            Set<String> needed = NeededColumns.of(question, compiler.scope(), compiler.layout());
            sql.append("WITH\n").append(own.requests(needed)).append('\n');
            if (compared.isPresent()) {
                with("");
                sql.append(compared.get().requests(needed)).append('\n');
            }
        }
        if (countsFirst && question.top().isPresent()) {
            countedThenRanked(question.top().get());
        } else {
            question.top().ifPresent(this::ranking);
            sides();
        }
        order();
        AnalyticsQuestion asked = question;
        return SqlStatement.of(sql.toString(), parameters, columns -> AnalyticsAnswer.of(asked, columns));
    }

    int scansToChooseGroups() {
        if (countsFirst) {
            return 0;
        }
        return (question.top().isPresent() ? 1 : 0) + (question.having().isEmpty() ? 0 : 1);
    }

    private void sides() {
        if (isUnion()) {
            sql.append("SELECT *\nFROM\n(\n");
        }
        own.select();
        if (compared.isPresent()) {
            sql.append(UNION_ALL);
            compared.get().select();
        }
        if (isUnion()) {
            sql.append("\n)");
        }
    }

    /** Whether there is more than one aggregation, and so each a level deeper. */
    private boolean isUnion() {
        return inFlight || compared.isPresent();
    }

    /** A range that the statement goes over: that of the question, or the one it is compared with. */
    private final class Side {
        private final BucketAxis axis;
        private final BucketSql buckets;
        private final String prefix;
        private final String source;

        Side(BucketAxis axis, String prefix, String source) {
            this.axis = axis;
            this.buckets = BucketSql.of(axis, firstBucket);
            this.prefix = prefix;
            this.source = source;
        }

        private boolean clippedAtStart() {
            return axis.start(0) < axis.from();
        }

        void addParameters() {
            parameters.add(SqlParameter.ofMicros(named("from"), axis.from()));
            parameters.add(SqlParameter.ofMicros(named("to"), axis.to()));
            if (question.withDelta()) {
                parameters.add(since1970(named("before_from"), axis.start(firstBucket)));
                if (clippedAtStart()) {
                    parameters.add(since1970(named("bucket_start"), axis.start(0)));
                }
            }
            if (inFlight) {
                long lookBack = question.lookBack().toNanos() / 1000;
                parameters.add(since1970(named("look_back_from"), axis.from() - lookBack));
                if (question.withDelta()) {
                    parameters.add(since1970(named("before_look_back_from"), axis.start(firstBucket) - lookBack));
                }
            }
        }

        private String named(String name) {
            return prefix.isEmpty() ? name : prefix + name;
        }

        String instant(String name) {
            return "{" + prefix + name + INSTANT_TYPE;
        }

        @CanIgnoreReturnValue
        StringBuilder append(StringBuilder out, String instant) {
            return out.append('{').append(prefix).append(instant).append(INSTANT_TYPE);
        }

        /** The needed columns of the layout's tables, as logical columns. */
        String requests(Set<String> needed) {
            String since = inFlight
                    ? question.withDelta() ? "before_look_back_from" : "look_back_from"
                    : question.withDelta() ? "before_from" : "from";
            return SourceSql.of(compiler.layout(), source, needed, instant(since), instant("to"));
        }

        void select() {
            arrived(isUnion() ? "    " : "");
            if (inFlight) {
                sql.append(UNION_ALL);
                running();
            }
        }

        /**
         * What a row is about: of which range it is, and whether it is a total; with deltas also which rows a total is of,
         * since the bucket before the range is in none.
         */
        private void kindColumns(String indent) {
            if (compared.isPresent()) {
                sql.append(",\n").append(indent).append("    ").append(prefix.isEmpty() ? 0 : 1);
                sql.append(" AS ").append(COMPARED);
            }
            if (!question.withTotals()) {
                return;
            }
            if (question.withDelta()) {
                sql.append(",\n").append(indent).append("    ").append(BUCKET).append(" >= ");
                sql.append(axis.start(0)).append(" AS ").append(IN_RANGE);
            }
            sql.append(",\n").append(indent).append("    grouping(");
            if (!question.groupBy().isEmpty()) {
                sql.append(groupKeys().get(0)).append(", ");
            }
            sql.append(BUCKET).append(") AS ").append(TOTALS);
        }

        private void arrived(String indent) {
            computedColumns(indent);
            sql.append(indent).append("SELECT\n");
            groupColumns(indent, false);
            sql.append(indent).append("    ");
            buckets.appendStart(sql, ARRIVAL_MICROS);
            sql.append(" AS ").append(BUCKET);
            kindColumns(indent);
            sql.append(",\n").append(indent).append("    count() AS ").append(REQUEST_COUNT);
            aggregates(indent, Population.ARRIVED);
            sql.append('\n').append(indent).append("FROM ").append(source).append('\n');
            sql.append(indent).append("WHERE ").append(ARRIVAL).append(" >= ");
            append(sql, question.withDelta() ? "before_from" : "from");
            sql.append('\n').append(indent).append("    AND ").append(ARRIVAL).append(" < ");
            append(sql, "to");
            if (question.withDelta() && clippedAtStart()) {
                sql.append('\n')
                        .append(indent)
                        .append("    AND NOT (")
                        .append(ARRIVAL)
                        .append(" >= ");
                append(sql, "bucket_start").append(" AND ").append(ARRIVAL).append(" < ");
                append(sql, "from").append(')');
            }
            sql.append(indent.isEmpty() ? filtersOfGroups : filtersOfGroups.replace("\n", "\n" + indent));
            groupBy(indent);
        }

        /** Each request is spread over the buckets it runs in, and cut to them and to the range. */
        private void running() {
            String until = "least(ended, toUnixTimestamp64Micro(" + instant("to") + "))";
            sql.append("    SELECT\n");
            groupColumns("    ", true);
            sql.append("        slot AS ").append(BUCKET);
            kindColumns("    ");
            sql.append(",\n        NULL AS ").append(REQUEST_COUNT);
            aggregates("    ", Population.IN_FLIGHT);
            sql.append("\n    FROM\n    (\n");
            if (!classes.isEmpty()) {
                sql.append("        WITH\n            ").append(String.join(",\n            ", classes));
                sql.append('\n');
            }
            sql.append("        SELECT\n");
            for (Dimension<?> dimension : question.groupBy()) {
                String key = key(dimension, true);
                sql.append("            ").append(dimension.key());
                sql.append(key.equals(dimension.key()) ? "" : " AS " + key).append(",\n");
            }
            sql.append("            ").append(ARRIVAL_MICROS).append(" AS started,\n");
            sql.append("            started + assumeNotNull(least(")
                    .append(DURATION)
                    .append(", ")
                    .append(LONGEST_DURATION);
            sql.append(")) AS ended,\n            arrayJoin(");
            buckets.appendTouched(sql, "started", until, "\n            ");
            sql.append(") AS slot,\n            greatest(started, slot");
            if (clippedAtStart()) {
                String clip = "toUnixTimestamp64Micro(" + instant("from") + ")";
                if (question.withDelta()) {
                    sql.append(", if(slot < ").append(axis.start(0));
                    sql.append(", 0, ").append(clip).append(')');
                } else {
                    sql.append(", ").append(clip);
                }
            }
            sql.append(") AS " + Aggregate.SPAN_START + ",\n            least(ended, ");
            buckets.appendEnd(sql, "slot");
            append(sql.append(", toUnixTimestamp64Micro("), "to").append(")) AS " + Aggregate.SPAN_END + "\n");
            sql.append("        FROM ").append(source).append('\n');
            sql.append("        WHERE ").append(ARRIVAL).append(" >= ");
            append(sql, question.withDelta() ? "before_look_back_from" : "look_back_from");
            append(sql.append("\n            AND ").append(ARRIVAL).append(" < "), "to");
            sql.append("\n            AND ").append(DURATION).append(" > 0");
            sql.append(filtersOfGroups.replace("\n", "\n        "));
            sql.append("\n    )\n    WHERE span_start < span_end");
            if (question.withDelta()) {
                // so that asking for deltas changes nothing in the range
                sql.append("\n        AND (").append(BUCKET).append(" < ").append(axis.start(0));
                append(sql.append(" OR started >= toUnixTimestamp64Micro("), "look_back_from")
                        .append("))");
            }
            groupBy("    ");
        }
    }

    /** Begins a clause, or goes on with the one that is open. */
    private void with(String indent) {
        if (sql.isEmpty()) {
            sql.append(indent).append("WITH\n");
        } else {
            sql.insert(sql.length() - 1, ',');
        }
    }

    /** Nothing arrived before, and the server reads no year of five digits. */
    private static SqlParameter since1970(String name, long micros) {
        return SqlParameter.ofMicros(name, Math.max(micros, 0));
    }

    /** What the metrics need, each column once. */
    private List<Written> aggregates(List<Metric<?>> metrics) {
        int most = 0;
        for (Metric<?> metric : metrics) {
            most += Internals.of(metric).aggregates().size();
        }
        List<Written> aggregates = new ArrayList<>(most);
        Set<String> aliases = new HashSet<>(2 * most);
        for (Metric<?> metric : metrics) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                if (aliases.add(aggregate.alias())) {
                    aggregates.add(compiler.text(aggregate, renderer));
                }
            }
        }
        return aggregates;
    }

    /** The conditions on requests, each on its own line, without the ones on time. */
    private String filters() {
        // last, since nearly every request meets it
        String traffic =
                switch (question.trafficSource()) {
                    case INFERENCE -> WITHOUT_PROMPT;
                    case PROMPT -> WITH_PROMPT;
                    case ALL -> "";
                };
        if (question.filters().isEmpty() && !compiler.scoped()) {
            return traffic;
        }
        StringBuilder out = new StringBuilder(256);
        ConditionSql conditions = new ConditionSql(renderer);
        conditions.append(out, question.filters());
        conditions.append(out, compiler.scope());
        return out.append(traffic).toString();
    }

    /** What the groups are ranked by, over the whole range and nothing else. */
    private void ranking(TopN top) {
        String i = "            ";
        Ranking by = compiler.ranking(top.by(), renderer);
        with("");
        // an array of the values themselves is searched sooner, but groupArray leaves out their nulls
        sql.append("    (\n        SELECT ").append(rankedByOneKey() ? "tupleElement(" : "");
        sql.append("groupArray(tuple(").append(keys).append("))").append(rankedByOneKey() ? ", 1)" : "");
        sql.append("\n        FROM\n        (\n");
        groupsOfRange(sql, i, " " + keys, with(classes, by.computed()), by.running());
        sql.append('\n').append(i).append("ORDER BY");
        appendRanking(sql, top, by, "\n" + i + "    ");
        sql.append('\n').append(i).append("LIMIT ").append(top.size()).append("\n        )\n    ) AS top_groups\n");
    }

    /** By what the groups are ranked, and equal ones by their keys. */
    private void appendRanking(StringBuilder out, TopN top, Ranking by, String line) {
        out.append(line).append(by.sql());
        out.append(top.smallestFirst() ? " ASC" : " DESC").append(" NULLS LAST");
        for (Dimension<?> dimension : question.groupBy()) {
            appendKeyText(out.append(',').append(line), dimension, dimension.key());
        }
    }

    /** All groups of the only bucket are counted in one scan, and those that are not among the first added up. */
    private void countedThenRanked(TopN top) {
        Ranking by = compiler.ranking(top.by(), renderer);
        StringBuilder counted = new StringBuilder(512);
        sql.append("SELECT\n    if(place <= ").append(top.size()).append(", place, 0) AS " + GROUP_RANK);
        sql.append(",\n    group_rank = 0 AS " + IS_OTHERS);
        for (Dimension<?> dimension : question.groupBy()) {
            sql.append(",\n    if(is_others, NULL, any(counted.").append(dimension.key());
            sql.append(")) AS ").append(dimension.alias());
            counted.append("\n        ").append(dimension.key()).append(',');
        }
        // grouping() takes no constant
        sql.append(",\n    materialize(toInt64(").append(own.axis.start(0)).append(")) AS " + BUCKET);
        own.kindColumns("");
        appendSum(REQUEST_COUNT);
        counted.append("\n        count() AS " + REQUEST_COUNT);
        for (Written aggregate : aggregates) {
            appendSum(aggregate.alias());
            counted.append(aggregate.item().inner());
        }
        counted.append(",\n        row_number() OVER (\n            ORDER BY");
        appendRanking(counted, top, by, "\n                ");
        counted.append("\n        ) AS place");
        sql.append("\nFROM\n(\n");
        groupsOfRange(sql, "    ", counted.toString(), with(computed, by.computed()), by.running());
        sql.append("\n) AS counted");
        groupBy("");
    }

    private void appendSum(String alias) {
        sql.append(",\n    sum(counted.").append(alias).append(") AS ").append(alias);
    }

    private boolean rankedByOneKey() {
        return question.groupBy().size() == 1;
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

    /** The groups with a request in the range, of which those stay that the question wants. */
    private void groupsOfRange(
            StringBuilder out, String i, String select, List<String> computedOfSelect, boolean selectRuns) {
        List<String> named = computedForHaving(computedOfSelect, selectRuns);
        if (!named.isEmpty()) {
            out.append(i).append("WITH\n").append(i).append("    ");
            out.append(String.join(",\n" + i + "    ", named)).append('\n');
        }
        out.append(i).append("SELECT").append(select).append('\n');
        out.append(i).append("FROM ").append(own.source).append('\n');
        own.append(out.append(i).append("WHERE ").append(ARRIVAL).append(" >= "), "from");
        out.append('\n').append(i).append("    AND ").append(ARRIVAL).append(" < ");
        own.append(out, "to");
        out.append(filters.replace("\n", "\n" + i)).append('\n');
        out.append(i).append("GROUP BY ").append(keys);
        appendHaving(out, i);
    }

    /** What a SELECT names, and what the conditions on its groups do. */
    private List<String> computedForHaving(List<String> ofSelect, boolean selectRuns) {
        List<String> named = ofSelect;
        boolean running = selectRuns;
        for (Having having : question.having()) {
            Ranking held = compiler.ranking(having.metric(), renderer);
            named = with(named, held.computed());
            running |= held.running();
        }
        if (!running) {
            return named;
        }
        // only what arrived in the range counts, cut to it
        return with(
                named,
                List.of(
                        ARRIVAL_MICROS + " AS " + Aggregate.SPAN_START,
                        "least(" + END_MICROS + ", toUnixTimestamp64Micro(" + own.instant("to") + ")) AS "
                                + Aggregate.SPAN_END));
    }

    private void appendHaving(StringBuilder out, String i) {
        for (int h = 0; h < question.having().size(); h++) {
            Having having = question.having().get(h);
            out.append('\n').append(i).append(h == 0 ? "HAVING " : "    AND ");
            out.append(compiler.ranking(having.metric(), renderer).sql()).append(' ');
            out.append(ConditionSql.operator(having.side()).sql()).append(' ').append(havingParameters.get(h));
        }
    }

    /** What groups are held to, as their ranking has it. */
    private List<SqlParameter> havingParameters() {
        List<SqlParameter> bounds = new ArrayList<>();
        for (Having having : question.having()) {
            String name = "having_" + (bounds.size() + 1);
            Measurement<?> measurement = Internals.of(having.metric());
            BigDecimal bound = measurement.inRanking(having.bound(), own.axis.to() - own.axis.from());
            bounds.add(
                    measurement.decimal()
                            ? SqlParameter.ofQuotient(name, bound)
                            : SqlParameter.of(name, bound.doubleValue()));
        }
        parameters.addAll(bounds);
        return bounds;
    }

    /** The same conditions, and that the group stays. A key without nulls, since nothing equals null. */
    private String filtersOfGroups() {
        if (question.having().isEmpty()) {
            return filters;
        }
        String keysWithoutNull =
                question.groupBy().stream().map(AnalyticsSql::keyWithoutNull).collect(Collectors.joining(", "));
        StringBuilder out = new StringBuilder(filters);
        out.append("\n    AND (").append(keysWithoutNull).append(") IN\n    (\n");
        groupsOfRange(out, "        ", " " + keysWithoutNull, classes, false);
        return out.append("\n    )").toString();
    }

    private static String keyWithoutNull(Dimension<?> dimension) {
        String column = dimension.key();
        String none = dimension.storedType() == String.class
                ? "''"
                : dimension.type() == UUID.class ? "toUUID('00000000-0000-0000-0000-000000000000')" : "0";
        return "ifNull(" + column + ", " + none + "), isNull(" + column + ")";
    }

    private static void appendKeyText(StringBuilder out, Dimension<?> dimension, String key) {
        if (dimension.type() == UUID.class) {
            out.append("toString(").append(key).append(')');
        } else {
            out.append(key);
        }
        out.append(" ASC NULLS LAST");
    }

    private void groupColumns(String indent, boolean running) {
        List<Dimension<?>> dimensions = question.groupBy();
        if (question.top().isPresent()) {
            boolean oneKey = rankedByOneKey();
            sql.append(indent).append("    indexOf(top_groups, ").append(oneKey ? "" : "tuple(");
            sql.append(running ? keys(dimensions, true) : keys).append(oneKey ? "" : ")");
            sql.append(") AS ").append(GROUP_RANK + ",\n");
            sql.append(indent).append("    group_rank = 0 AS " + IS_OTHERS + ",\n");
            for (int d = 0; d < dimensions.size(); d++) {
                sql.append(indent);
                if (oneKey) {
                    sql.append("    top_groups[group_rank] AS ");
                } else {
                    sql.append("    tupleElement(top_groups[group_rank], ")
                            .append(d + 1)
                            .append(") AS ");
                }
                sql.append(dimensions.get(d).alias()).append(",\n");
            }
            return;
        }
        for (Dimension<?> dimension : dimensions) {
            sql.append(indent).append("    ").append(key(dimension, running)).append(" AS ");
            sql.append(dimension.alias()).append(",\n");
        }
    }

    /** Classes have another name of what runs, since the one that a clause defines is known in every SELECT of a union. */
    private static String key(Dimension<?> dimension, boolean running) {
        return running && !dimension.classes().isEmpty() ? "running_" + dimension.key() : dimension.key();
    }

    private List<String> groupKeys() {
        return question.top().isPresent()
                ? List.of(GROUP_RANK)
                : question.groupBy().stream().map(Dimension::alias).toList();
    }

    /** Each row goes into its bucket and, in the same scan, into the totals. */
    private void groupByWithTotals(String indent) {
        List<String> keys = groupKeys();
        List<String> range = question.withDelta() ? List.of(IN_RANGE) : List.of();
        List<List<String>> sets = new ArrayList<>();
        for (List<String> groups : keys.isEmpty() ? List.of(keys) : List.of(keys, List.<String>of())) {
            for (List<String> time : List.of(List.of(BUCKET), range)) {
                sets.add(Stream.concat(groups.stream(), time.stream()).toList());
            }
        }
        sql.append('\n')
                .append(indent)
                .append("GROUP BY GROUPING SETS\n")
                .append(indent)
                .append('(');
        for (int s = 0; s < sets.size(); s++) {
            sql.append(s == 0 ? "\n" : ",\n").append(indent).append("    (");
            sql.append(String.join(", ", sets.get(s))).append(')');
        }
        // the set without keys has a row even where there is nothing
        sql.append('\n').append(indent).append(")\n").append(indent).append("HAVING ");
        sql.append(question.withDelta() ? IN_RANGE + " OR " + TOTALS + " IN (0, 2)" : "count() > 0");
    }

    private void groupBy(String indent) {
        if (question.withTotals()) {
            groupByWithTotals(indent);
            return;
        }
        sql.append('\n').append(indent).append("GROUP BY");
        if (question.top().isPresent()) {
            sql.append('\n').append(indent).append("    ").append(GROUP_RANK).append(',');
        } else {
            for (Dimension<?> dimension : question.groupBy()) {
                sql.append('\n')
                        .append(indent)
                        .append("    ")
                        .append(dimension.alias())
                        .append(',');
            }
        }
        sql.append('\n').append(indent).append("    ").append(BUCKET);
        if (countsFirst && question.top().isEmpty()) {
            appendHaving(sql, indent);
        }
    }

    /** The aggregates of one population; the others' columns are empty. */
    private void aggregates(String indent, Population population) {
        boolean running = population == Population.IN_FLIGHT;
        for (Written aggregate : aggregates) {
            item(indent, aggregate.running() == running ? aggregate.item() : aggregate.empty());
        }
        if (inFlight) {
            item(indent, running ? RUNNING_PART : ARRIVED_PART);
        }
    }

    private void item(String indent, Item item) {
        sql.append(indent.isEmpty() ? item.outer() : item.inner());
    }

    private void computedColumns(String indent) {
        if (computed.isEmpty()) {
            return;
        }
        if (isUnion()) {
            sql.append(indent).append("WITH\n");
        } else {
            with(indent);
        }
        sql.append(indent).append("    ").append(String.join(",\n" + indent + "    ", computed));
        sql.append('\n');
    }

    private List<String> classes(List<Dimension<?>> dimensions) {
        List<String> found = List.of();
        for (Dimension<?> dimension : dimensions) {
            if (!dimension.classes().isEmpty()) {
                found = with(found, List.of(renderer.renderInline(dimension.value()) + " AS " + dimension.key()));
            }
        }
        return found;
    }

    /** Each once; mostly there are none. */
    private static List<String> with(List<String> items, List<String> more) {
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

    private void order() {
        sql.append("\nORDER BY");
        if (question.withTotals() && !question.groupBy().isEmpty()) {
            sql.append("\n    ").append(TOTALS).append(" > 1 ASC,");
        }
        if (question.top().isPresent()) {
            sql.append("\n    ").append(IS_OTHERS).append(" ASC,\n    group_rank ASC,");
        } else {
            for (Dimension<?> dimension : question.groupBy()) {
                appendKeyText(sql.append("\n    "), dimension, dimension.alias());
                sql.append(',');
            }
        }
        if (compared.isPresent()) {
            sql.append("\n    ").append(COMPARED).append(" ASC,");
        }
        if (question.withTotals()) {
            sql.append("\n    ").append(TOTALS).append(" ASC,");
        }
        sql.append("\n    ").append(BUCKET).append(" ASC");
        if (inFlight) {
            sql.append(",\n    ").append(PART).append(" ASC");
        }
    }
}
