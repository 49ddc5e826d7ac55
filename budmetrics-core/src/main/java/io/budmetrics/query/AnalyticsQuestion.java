package io.budmetrics.query;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Aggregate;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A question about traffic over time: which metrics, over which range, in which buckets, of which requests, for which
 * groups. Immutable, compared by value, and refused when it makes no sense. Reads and writes JSON with a bare
 * <code>ObjectMapper</code>. Made with <code>QueryBuilder.analytics()</code>.
 *
 * @param metrics one or more, no two of the same name
 * @param from start of the range, inclusive; what is finer than a microsecond is rounded up
 * @param to end of the range, exclusive; empty means until the question is asked
 * @param asOf the moment the answer speaks of: nothing later is counted; empty until the question is asked
 * @param frequency how long a bucket is
 * @param zone the zone whose calendar and clock the buckets follow; one without any change is kept as its offset
 * @param filters conditions that must all hold, each of which may be nested
 * @param groupBy dimensions, no two equal
 * @param top which groups to keep; needs dimensions
 * @param having what must hold of a group over the whole range for it to be in the answer at all; needs dimensions
 * @param withDelta whether each value is compared with the bucket before
 * @param withTotals whether the answer has totals, each computed from the requests themselves
 * @param comparison with which earlier range each value is compared too; empty for none
 * @param dense whether every group has every bucket
 * @param trafficSource which requests
 * @param lookBack how long before the range a request may have arrived to count as still running
 * @param details whether the answer's JSON carries what is needed to read it back
 */
public record AnalyticsQuestion(
        List<Metric<?>> metrics,
        Instant from,
        Optional<Instant> to,
        Optional<Instant> asOf,
        Frequency frequency,
        ZoneId zone,
        List<Filter> filters,
        List<Dimension<?>> groupBy,
        Optional<TopN> top,
        List<Having> having,
        boolean withDelta,
        boolean withTotals,
        Optional<Comparison> comparison,
        boolean dense,
        TrafficSource trafficSource,
        Duration lookBack,
        boolean details) {
    /** How far back running requests are looked for unless the question says otherwise. */
    public static final Duration DEFAULT_LOOK_BACK = Duration.ofHours(1);

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("2105-01-01T00:00:00Z");
    private static final int MAX_HAVING = 20;
    private static final Duration MAX_LOOK_BACK = Duration.ofDays(31);

    /** What the fields of a question are called: in Java, and in JSON. */
    record Names(
            String metrics,
            String from,
            String to,
            String asOf,
            String groupBy,
            String top,
            String having,
            String lookBack) {
        static final Names JAVA = new Names("metrics", "from", "to", "asOf", "groupBy", "top", "having", "lookBack");
    }

    public AnalyticsQuestion {
        metrics = copy("metrics", metrics);
        filters = copy("filters", filters);
        groupBy = copy("groupBy", groupBy);
        having = copy("having", having);
        Objects.requireNonNull(from, "from is null");
        Objects.requireNonNull(to, "to is null");
        Objects.requireNonNull(asOf, "asOf is null");
        Objects.requireNonNull(frequency, "frequency is null");
        Objects.requireNonNull(zone, "zone is null");
        Objects.requireNonNull(top, "top is null");
        Objects.requireNonNull(comparison, "comparison is null");
        Objects.requireNonNull(trafficSource, "trafficSource is null");
        Objects.requireNonNull(lookBack, "lookBack is null");
        require(Names.JAVA, metrics, from, to, asOf, groupBy, top, having, lookBack);
        zone = known(zone);
        BucketAxis.requireFewBuckets(from, to, asOf, frequency, zone);
        if (comparison.isPresent()) {
            requireRangeBefore(comparison.get(), from, to, asOf, frequency, zone);
        }
        filters = sideBySide(filters);
        requireCommonValues(filters);
        FilterSize.requireModest(0, filters);
        top = rankedByWhatIsAsked(top, metrics);
        having = asAsked(having, top, metrics);
        requireOneMeaning(metrics);
    }

    /** Parts of derived metrics go by their names as well. */
    private static void requireOneMeaning(List<Metric<?>> metrics) {
        if (metrics.stream().noneMatch(metric -> metric instanceof DerivedMetric<?, ?>)) {
            return;
        }
        Map<String, Aggregate> known = new HashMap<>();
        for (Metric<?> metric : metrics) {
            for (Aggregate aggregate : metric.aggregates()) {
                Aggregate before = known.putIfAbsent(aggregate.alias(), aggregate);
                if (before != null && !before.equals(aggregate)) {
                    throw BudMetricsException.invalidQuery("metrics uses one name for two metrics, in " + metric
                            + " and before it; give one of them another name");
                }
            }
        }
    }

    private static <T> List<T> copy(String field, List<T> list) {
        Objects.requireNonNull(list, () -> field + " is null");
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == null) {
                throw new NullPointerException(field + "[" + i + "] is null");
            }
        }
        return List.copyOf(list);
    }

    /** What must hold between the fields; the message calls them as the caller does. */
    static void require(
            Names names,
            List<Metric<?>> metrics,
            Instant from,
            Optional<Instant> to,
            Optional<Instant> asOf,
            List<Dimension<?>> groupBy,
            Optional<TopN> top,
            List<Having> having,
            Duration lookBack) {
        if (metrics.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    names.metrics() + " is empty; name at least one, such as " + Metrics.REQUEST_COUNT);
        }
        requireDistinct(names.metrics(), metrics);
        requireDistinct(names.groupBy(), groupBy);
        requireRange(names, from, to, asOf);
        if (top.isPresent() && groupBy.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    names.top() + " needs groups; name at least one dimension in " + names.groupBy());
        }
        if (!having.isEmpty() && groupBy.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    names.having() + " needs groups; name at least one dimension in " + names.groupBy());
        }
        if (having.size() > MAX_HAVING) {
            throw BudMetricsException.invalidQuery(
                    names.having() + " has " + having.size() + " conditions; at most " + MAX_HAVING);
        }
        for (int i = 1; i < having.size(); i++) {
            for (Having before : having.subList(0, i)) {
                if (before.side() == having.get(i).side()
                        && before.metric().name().equals(having.get(i).metric().name())) {
                    throw BudMetricsException.invalidQuery(names.having() + " says " + before.metric() + " "
                            + before.side().jsonName() + " twice; say it once");
                }
            }
        }
        if (lookBack.isNegative() || lookBack.compareTo(MAX_LOOK_BACK) > 0) {
            throw BudMetricsException.invalidQuery(
                    names.lookBack() + " is " + lookBack + "; use a duration from PT0S to " + MAX_LOOK_BACK);
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
                if (!metric.ranking().equals(named.ranking())) {
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

    private static void requireRange(Names names, Instant from, Optional<Instant> to, Optional<Instant> asOf) {
        requireInstant(names.from(), from);
        to.ifPresent(instant -> requireInstant(names.to(), instant));
        asOf.ifPresent(instant -> requireInstant(names.asOf(), instant));
        if (to.isPresent() && !isAfter(to.get(), from)) {
            throw BudMetricsException.invalidQuery(names.to() + " (" + to.get() + ") is not after " + names.from()
                    + " (" + from + ") by a microsecond; the range begins with " + names.from() + " and ends before "
                    + names.to());
        }
        if (asOf.isPresent() && !isAfter(asOf.get(), from)) {
            throw BudMetricsException.invalidQuery(names.from() + " (" + from + ") is not before " + names.asOf()
                    + " (" + asOf.get() + "): the whole range lies in its future; choose an earlier "
                    + names.from());
        }
    }

    private static void requireRangeBefore(
            Comparison comparison,
            Instant from,
            Optional<Instant> to,
            Optional<Instant> asOf,
            Frequency frequency,
            ZoneId zone) {
        long end = BucketAxis.end(to, asOf);
        boolean open = end == Long.MAX_VALUE;
        Comparison.Range range = rangeBefore(comparison, from, open ? BucketAxis.microsRoundedUp(from) : end, zone);
        if (range.from().isBefore(EARLIEST)) {
            throw BudMetricsException.invalidQuery("the range to compare with, " + comparison + ", begins at "
                    + range.from() + ", before " + EARLIEST + "; shift it by less");
        }
        if (open) {
            return;
        }
        if (!range.from().isBefore(range.to())) {
            throw BudMetricsException.invalidQuery(
                    "the range to compare with, " + comparison + ", is empty: it begins at " + range.from()
                            + " and ends at " + range.to() + "; shift by a duration, or take a longer range");
        }
        BucketAxis.requireFewBuckets(range.from(), Optional.of(range.to()), Optional.empty(), frequency, zone);
    }

    private static Comparison.Range rangeBefore(Comparison comparison, Instant from, long end, ZoneId zone) {
        return comparison.rangeBefore(
                BucketAxis.instant(BucketAxis.microsRoundedUp(from)), BucketAxis.instant(end), zone);
    }

    private static boolean isAfter(Instant end, Instant from) {
        return BucketAxis.microsRoundedUp(end) > BucketAxis.microsRoundedUp(from);
    }

    private static void requireInstant(String field, Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw BudMetricsException.invalidQuery(field + " (" + instant + ") is outside " + EARLIEST + " to " + LATEST
                    + "; choose an instant inside");
        }
    }

    /** UTC by any name is the same zone. */
    private static ZoneId known(ZoneId zone) {
        if (zone.equals(ZoneOffset.UTC)) {
            return zone;
        }
        try {
            return zone.getRules().isFixedOffset() ? zone.normalized() : zone;
        } catch (DateTimeException unknown) {
            throw BudMetricsException.invalidQuery("zone: this JVM has no rules for " + zone.getId()
                    + "; use one of ZoneId.getAvailableZoneIds(), or a fixed offset");
        }
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

    /**
     * The same question, pinned to a moment.
     *
     * @param moment nothing later is counted
     * @return a new question
     * @throws BudMetricsException INVALID_QUERY when the whole range lies after the moment
     */
    public AnalyticsQuestion withAsOf(Instant moment) {
        Objects.requireNonNull(moment, "moment is null");
        return about(from, to, Optional.of(moment), comparison);
    }

    /**
     * The same question about the range that this one is compared with.
     *
     * @return a question without a comparison, from and to the ends of that range; empty when nothing is compared
     * @throws BudMetricsException INVALID_QUERY when this question has no end
     */
    public Optional<AnalyticsQuestion> compared() {
        return comparison.map(with -> {
            Comparison.Range range = rangeBefore(with, from, BucketAxis.requireEnd(to, asOf), zone);
            return about(range.from(), Optional.of(range.to()), Optional.empty(), Optional.empty());
        });
    }

    private AnalyticsQuestion about(
            Instant newFrom, Optional<Instant> newTo, Optional<Instant> newAsOf, Optional<Comparison> newComparison) {
        return new AnalyticsQuestion(
                metrics,
                newFrom,
                newTo,
                newAsOf,
                frequency,
                zone,
                filters,
                groupBy,
                top,
                having,
                withDelta,
                withTotals,
                newComparison,
                dense,
                trafficSource,
                lookBack,
                details);
    }

    /**
     * The same question about every group.
     *
     * @return a new question without a ranking, and without conditions on groups
     */
    public AnalyticsQuestion withoutTop() {
        return new AnalyticsQuestion(
                metrics,
                from,
                to,
                asOf,
                frequency,
                zone,
                filters,
                groupBy,
                Optional.empty(),
                List.of(),
                withDelta,
                withTotals,
                comparison,
                dense,
                trafficSource,
                lookBack,
                details);
    }

    @JsonValue
    Map<String, Object> toJson() {
        return QuestionJson.write(this);
    }

    /** Whatever JSON there is, so that what is wrong with it is said in our words. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static AnalyticsQuestion fromJson(Object json) {
        return QuestionJson.read(json);
    }
}
