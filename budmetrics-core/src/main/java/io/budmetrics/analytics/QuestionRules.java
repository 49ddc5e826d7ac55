package io.budmetrics.analytics;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.time.RangeRules;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.BucketAxis;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold between the parts of a question, under the names that the caller uses: those of Java, or those of JSON.
 *
 * @param metrics the name of the metrics
 * @param time the names of the ends of the range
 * @param groupBy the name of the dimensions
 * @param top the name of the ranking
 * @param having the name of the conditions on groups
 * @param lookBack the name of the look-back
 */
record QuestionRules(String metrics, RangeRules time, String groupBy, String top, String having, String lookBack) {
    static final QuestionRules JAVA =
            new QuestionRules("metrics", RangeRules.JAVA, "groupBy", "top", "having", "lookBack");

    private static final int MAX_HAVING = 20;
    private static final Duration MAX_LOOK_BACK = Duration.ofDays(31);

    /** The range of a question, which must have a start. */
    TimeRange range(AnalyticsBuilder given) {
        if (given.metrics.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    metrics + " is empty; name at least one, such as " + Metrics.REQUEST_COUNT);
        }
        requireDistinct(metrics, given.metrics);
        requireDistinct(groupBy, given.groupBy);
        Instant from = given.from;
        if (from == null) {
            throw BudMetricsException.invalidQuery(
                    "the range is missing; name it with between(from, to) or since(from)");
        }
        Optional<Instant> to = Optional.ofNullable(given.to);
        Optional<Instant> asOf = Optional.ofNullable(given.asOf);
        time.require(from, to, asOf);
        return new TimeRange(from, to, asOf, given.zone);
    }

    /** The parts of a question over a range, in the form in which questions compare them. */
    AnalyticsBuilder checked(AnalyticsBuilder given, TimeRange range) {
        requireGroups(given);
        requireHaving(given.having);
        if (given.lookBack.isNegative() || given.lookBack.compareTo(MAX_LOOK_BACK) > 0) {
            throw BudMetricsException.invalidQuery(
                    lookBack + " is " + given.lookBack + "; give a duration from PT0S to " + MAX_LOOK_BACK);
        }
        BucketAxis.requireFewBuckets(range, given.frequency);
        if (given.comparison != null) {
            given.comparison.requireRangeBefore(range, given.frequency);
        }
        List<Filter> filters = sideBySide(given.filters);
        requireCommonValues(filters);
        Filter.requireModest(filters);
        Optional<TopN> ranking = rankedByWhatIsAsked(given.ranking(), given.metrics);
        List<Having> held = asAsked(given.having, ranking, given.metrics);
        requireOneMeaning(given.metrics);
        return given.normalized(range, filters, ranking, held);
    }

    private void requireGroups(AnalyticsBuilder given) {
        if (!given.groupBy.isEmpty()) {
            return;
        }
        if (given.ranking().isPresent()) {
            throw BudMetricsException.invalidQuery(top + " needs groups; name at least one dimension in " + groupBy);
        }
        if (!given.having.isEmpty()) {
            throw BudMetricsException.invalidQuery(having + " needs groups; name at least one dimension in " + groupBy);
        }
    }

    private void requireHaving(List<Having> conditions) {
        if (conditions.size() > MAX_HAVING) {
            throw BudMetricsException.invalidQuery(
                    having + " has " + conditions.size() + " conditions; at most " + MAX_HAVING);
        }
        for (int i = 1; i < conditions.size(); i++) {
            Having condition = conditions.get(i);
            for (Having before : conditions.subList(0, i)) {
                if (before.side() == condition.side()
                        && before.metric().name().equals(condition.metric().name())) {
                    throw BudMetricsException.invalidQuery("duplicate " + having + " condition: " + before.metric()
                            + " " + before.side().jsonName() + "; give it once");
                }
            }
        }
    }

    /** Metrics and dimensions go by their names: those of one name differ in percentiles at most. */
    private static void requireDistinct(String field, List<?> named) {
        for (int i = 1; i < named.size(); i++) {
            for (int k = 0; k < i; k++) {
                if (named.get(i).toString().equals(named.get(k).toString())) {
                    throw BudMetricsException.invalidQuery(field + " names " + named.get(i) + " twice; name it once");
                }
            }
        }
    }

    /** One name means one metric: ranking by a metric that is asked for is ranking by it as it is asked for. */
    private static Optional<TopN> rankedByWhatIsAsked(Optional<TopN> top, List<Metric<?>> metrics) {
        return top.map(ranking -> new TopN(
                ranking.size(), asAsked("top ranks by", ranking.by(), "metrics", metrics), ranking.smallestFirst()));
    }

    private static Metric<?> asAsked(String use, Metric<?> named, String asking, List<Metric<?>> asked) {
        for (Metric<?> metric : asked) {
            if (metric.name().equals(named.name()) && !metric.equals(named)) {
                if (!Internals.of(metric).ranking().equals(Internals.of(named).ranking())) {
                    throw BudMetricsException.invalidQuery(use + " another " + metric + " than the one that " + asking
                            + " asks for; use the same, or give one another name");
                }
                return metric;
            }
        }
        return named;
    }

    /** Of one metric side by side, and as it is asked for. */
    private static List<Having> asAsked(List<Having> having, Optional<TopN> top, List<Metric<?>> metrics) {
        if (having.isEmpty()) {
            return having;
        }
        List<Metric<?>> known = new ArrayList<>(metrics);
        top.ifPresent(ranking -> known.add(ranking.by()));
        Map<String, List<Having>> byMetric = new LinkedHashMap<>();
        for (Having one : having) {
            Metric<?> metric = asAsked("having is of", one.metric(), "metrics or top", known);
            known.add(metric);
            byMetric.computeIfAbsent(metric.name(), name -> new ArrayList<>())
                    .add(new Having(metric, one.side(), one.bound()));
        }
        return byMetric.values().stream().flatMap(List::stream).toList();
    }

    /** What must all hold stands beside the rest. */
    private static List<Filter> sideBySide(List<Filter> filters) {
        List<Filter> all = new ArrayList<>();
        for (Filter filter : filters) {
            all.addAll(filter instanceof Filter.All several ? several.filters() : List.of(filter));
        }
        return List.copyOf(all);
    }

    private static void requireCommonValues(List<Filter> filters) {
        if (filters.size() < 2) {
            return;
        }
        Map<Dimension<?>, Set<Object>> common = new HashMap<>();
        for (Filter filter : filters) {
            if (filter instanceof Filter.In in) {
                Set<Object> values = common.computeIfAbsent(in.dimension(), first -> new HashSet<>(in.values()));
                values.retainAll(new HashSet<>(in.values()));
                if (values.isEmpty()) {
                    throw BudMetricsException.invalidQuery("the filters on " + in.dimension()
                            + " have no value in common, so no request passes all of them; name all its values in one,"
                            + " or join them with or()");
                }
            }
        }
    }

    /** Parts of derived metrics go by their names as well. */
    private static void requireOneMeaning(List<Metric<?>> metrics) {
        if (metrics.stream().noneMatch(metric -> metric instanceof DerivedMetric<?, ?>)) {
            return;
        }
        Map<String, Aggregate> known = new HashMap<>();
        for (Metric<?> metric : metrics) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                Aggregate before = known.putIfAbsent(aggregate.alias(), aggregate);
                if (before != null && !before.equals(aggregate)) {
                    throw BudMetricsException.invalidQuery("metrics uses one name for two metrics, in " + metric
                            + " and before it; give one of them another name");
                }
            }
        }
    }
}
