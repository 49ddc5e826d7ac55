package io.budmetrics.analytics;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builder for {@link AnalyticsQuestion}. A value: every call returns a new builder and leaves the old one as it was, so a
 * half-built question can be kept and shared. This is the one place that holds the parts of a question; the question itself
 * is a builder whose parts were checked.
 */
public final class AnalyticsBuilder {
    static final AnalyticsBuilder EMPTY = new AnalyticsBuilder();

    List<Metric<?>> metrics = List.of();

    @Nullable
    Instant from = null;

    @Nullable
    Instant to = null;

    @Nullable
    Instant asOf = null;

    Frequency frequency = Frequency.DAY;
    ZoneId zone = ZoneOffset.UTC;
    List<Filter> filters = List.of();
    List<Dimension<?>> groupBy = List.of();
    int topSize = 0;

    @Nullable
    TopN top = null;

    List<Having> having = List.of();
    boolean withDelta = false;
    boolean withTotals = false;

    @Nullable
    Comparison comparison = null;

    boolean emptyBuckets = true;
    TrafficSource trafficSource = TrafficSource.INFERENCE;
    Duration lookBack = AnalyticsQuestion.DEFAULT_LOOK_BACK;
    boolean details = false;

    private AnalyticsBuilder() {}

    AnalyticsBuilder copy() {
        AnalyticsBuilder copy = new AnalyticsBuilder();
        copy.metrics = metrics;
        copy.from = from;
        copy.to = to;
        copy.asOf = asOf;
        copy.frequency = frequency;
        copy.zone = zone;
        copy.filters = filters;
        copy.groupBy = groupBy;
        copy.topSize = topSize;
        copy.top = top;
        copy.having = having;
        copy.withDelta = withDelta;
        copy.withTotals = withTotals;
        copy.comparison = comparison;
        copy.emptyBuckets = emptyBuckets;
        copy.trafficSource = trafficSource;
        copy.lookBack = lookBack;
        copy.details = details;
        return copy;
    }

    /**
     * Sets the metrics; replaces those of earlier calls.
     *
     * @param newMetrics one or more, no two of the same name; the first ranks groups unless <code>top</code> names another
     * @return a new builder
     */
    public AnalyticsBuilder metrics(Metric<?>... newMetrics) {
        AnalyticsBuilder copy = copy();
        copy.metrics = all("metrics", newMetrics);
        return copy;
    }

    /**
     * Sets the range.
     *
     * @param newFrom its start, inclusive
     * @param newTo its end, exclusive
     * @return a new builder
     */
    public AnalyticsBuilder between(Instant newFrom, Instant newTo) {
        AnalyticsBuilder copy = copy();
        copy.from = Objects.requireNonNull(newFrom, "from is null");
        copy.to = Objects.requireNonNull(newTo, "to is null");
        return copy;
    }

    /**
     * Sets an open range, which ends when the question is asked.
     *
     * @param newFrom its start, inclusive
     * @return a new builder
     */
    public AnalyticsBuilder since(Instant newFrom) {
        AnalyticsBuilder copy = copy();
        copy.from = Objects.requireNonNull(newFrom, "from is null");
        copy.to = null;
        return copy;
    }

    /**
     * Sets the range, with its zone and, where it has one, the moment that it refers to.
     *
     * @param range such as {@link TimeRange#between}
     * @return a new builder
     */
    public AnalyticsBuilder range(TimeRange range) {
        return over(Objects.requireNonNull(range, "range is null"));
    }

    /**
     * Sets how long a bucket is; calendar days by default.
     *
     * @param newFrequency such as {@link Frequency#HOUR}
     * @return a new builder
     */
    public AnalyticsBuilder every(Frequency newFrequency) {
        AnalyticsBuilder copy = copy();
        copy.frequency = Objects.requireNonNull(newFrequency, "frequency is null");
        return copy;
    }

    /**
     * Sets the zone whose calendar and clock the buckets follow; UTC by default.
     *
     * @param newZone such as <code>ZoneId.of("Europe/Berlin")</code>
     * @return a new builder
     */
    public AnalyticsBuilder in(ZoneId newZone) {
        AnalyticsBuilder copy = copy();
        copy.zone = Objects.requireNonNull(newZone, "zone is null");
        return copy;
    }

    /**
     * Sets the zone whose calendar and clock the buckets follow: the same as {@link #in}, under a name that is not a
     * keyword in Kotlin.
     *
     * @param newZone such as <code>ZoneId.of("Europe/Berlin")</code>
     * @return a new builder
     */
    public AnalyticsBuilder zone(ZoneId newZone) {
        return in(newZone);
    }

    /**
     * Adds conditions that requests must meet; repeated calls accumulate.
     *
     * @param more such as <code>PROJECT.is(id)</code>, or nested with <code>or</code>, <code>and</code> and <code>not</code>
     * @return a new builder
     */
    public AnalyticsBuilder where(Filter... more) {
        AnalyticsBuilder copy = copy();
        List<Filter> both = new ArrayList<>(filters);
        both.addAll(all("filters", more));
        copy.filters = List.copyOf(both);
        return copy;
    }

    /**
     * Sets the dimensions that requests are grouped by; replaces those of earlier calls.
     *
     * @param dimensions no two equal
     * @return a new builder
     */
    public AnalyticsBuilder groupBy(Dimension<?>... dimensions) {
        AnalyticsBuilder copy = copy();
        copy.groupBy = all("dimensions", dimensions);
        return copy;
    }

    /**
     * Keeps only the first groups by the first metric; all others become one group of others.
     *
     * @param size 1 to 1,000
     * @return a new builder
     */
    public AnalyticsBuilder top(int size) {
        AnalyticsBuilder copy = copy();
        copy.topSize = size;
        copy.top = null;
        if (size < 1) {
            throw BudMetricsException.invalidQuery("top is " + size + "; give 1 to 1000 groups");
        }
        return copy;
    }

    /**
     * Keeps only the first groups by a metric, which need not be one that the question asks for.
     *
     * @param size 1 to 1,000
     * @param by whose headline value ranks them
     * @return a new builder
     */
    public AnalyticsBuilder top(int size, Metric<?> by) {
        AnalyticsBuilder copy = copy();
        copy.top = TopN.of(size, by);
        return copy;
    }

    /**
     * Keeps only the first groups of a ranking.
     *
     * @param ranking how many, by what, in which order
     * @return a new builder
     */
    public AnalyticsBuilder top(TopN ranking) {
        AnalyticsBuilder copy = copy();
        copy.top = Objects.requireNonNull(ranking, "ranking is null");
        return copy;
    }

    /**
     * Keeps only groups that meet all of these conditions over the whole range; repeated calls accumulate. The others are
     * not in the answer at all: they do not rank, and are not among those that a ranking leaves out.
     *
     * @param more such as <code>REQUEST_COUNT.atLeast(100)</code>, of metrics that need not be asked for
     * @return a new builder
     */
    public AnalyticsBuilder having(Having... more) {
        AnalyticsBuilder copy = copy();
        List<Having> both = new ArrayList<>(having);
        both.addAll(all("having", more));
        copy.having = List.copyOf(both);
        return copy;
    }

    /**
     * Compares each value with that of the bucket before; the bucket before the range is read too.
     *
     * @return a new builder
     */
    public AnalyticsBuilder withDelta() {
        AnalyticsBuilder copy = copy();
        copy.withDelta = true;
        return copy;
    }

    /**
     * Adds totals to the answer: of each group over the whole range, of all groups in each bucket, and of everything. Each
     * is computed from the requests themselves, so percentiles, unique users and ratios have true ones too.
     *
     * @return a new builder
     */
    public AnalyticsBuilder withTotals() {
        AnalyticsBuilder copy = copy();
        copy.withTotals = true;
        return copy;
    }

    /**
     * Also compares each value with that of an earlier range, in the same statement; the buckets are paired in their order.
     *
     * @param other such as {@link Comparison#previousRange} or <code>Comparison.shiftedBy(Period.ofYears(1))</code>
     * @return a new builder
     */
    public AnalyticsBuilder comparedWith(Comparison other) {
        AnalyticsBuilder copy = copy();
        copy.comparison = Objects.requireNonNull(other, "comparison is null");
        return copy;
    }

    /**
     * Leaves out the buckets in which a group has no request.
     *
     * @return a new builder
     */
    public AnalyticsBuilder onlyBucketsWithTraffic() {
        AnalyticsBuilder copy = copy();
        copy.emptyBuckets = false;
        return copy;
    }

    /**
     * Sets which kind of traffic is counted; plain inference by default.
     *
     * @param source the kind of traffic
     * @return a new builder
     */
    public AnalyticsBuilder traffic(TrafficSource source) {
        AnalyticsBuilder copy = copy();
        copy.trafficSource = Objects.requireNonNull(source, "source is null");
        return copy;
    }

    /**
     * Sets the moment at which the question is asked: nothing later is counted.
     *
     * @param moment the moment
     * @return a new builder
     */
    public AnalyticsBuilder asOf(Instant moment) {
        AnalyticsBuilder copy = copy();
        copy.asOf = Objects.requireNonNull(moment, "moment is null");
        return copy;
    }

    /**
     * Sets how long before the range a request may have arrived to count as still running; an hour by default.
     *
     * @param duration zero to 31 days
     * @return a new builder
     */
    public AnalyticsBuilder lookBack(Duration duration) {
        AnalyticsBuilder copy = copy();
        copy.lookBack = Objects.requireNonNull(duration, "duration is null");
        return copy;
    }

    /**
     * Adds the question, partial marks and sample sizes to the answer's JSON, so that it can be read back.
     *
     * @return a new builder
     */
    public AnalyticsBuilder withDetails() {
        AnalyticsBuilder copy = copy();
        copy.details = true;
        return copy;
    }

    /**
     * Builds the question.
     *
     * @return an immutable question with these parts
     * @throws BudMetricsException INVALID_QUERY when it makes no sense; the message names the field and what to do
     */
    public AnalyticsQuestion build() {
        return new AnalyticsQuestion(this, QuestionRules.JAVA);
    }

    /** Every part, in one order: questions are compared by it. */
    List<Object> parts() {
        return List.of(
                metrics,
                Objects.requireNonNull(from),
                Optional.ofNullable(to),
                Optional.ofNullable(asOf),
                frequency,
                zone,
                // in any order: a store such as PostgreSQL's jsonb gives them back in its own
                new HashSet<>(filters),
                groupBy,
                Optional.ofNullable(top),
                new HashSet<>(having),
                withDelta,
                withTotals,
                Optional.ofNullable(comparison),
                emptyBuckets,
                trafficSource,
                lookBack,
                details);
    }

    /** The same over another range. */
    AnalyticsBuilder over(TimeRange range) {
        AnalyticsBuilder copy = copy();
        copy.from = range.from();
        copy.to = range.to().orElse(null);
        copy.asOf = range.asOf().orElse(null);
        copy.zone = range.zone();
        return copy;
    }

    /** The same without a comparison. */
    AnalyticsBuilder comparedWithNothing() {
        AnalyticsBuilder copy = copy();
        copy.comparison = null;
        return copy;
    }

    /** The same about every group. */
    AnalyticsBuilder withoutChoosingGroups() {
        AnalyticsBuilder copy = copy();
        copy.top = null;
        copy.topSize = 0;
        copy.having = List.of();
        return copy;
    }

    /** The same with its parts in the form in which questions compare them. */
    AnalyticsBuilder normalized(
            TimeRange range, List<Filter> newFilters, Optional<TopN> newTop, List<Having> newHaving) {
        AnalyticsBuilder copy = over(range);
        copy.filters = newFilters;
        copy.top = newTop.orElse(null);
        copy.having = newHaving;
        return copy;
    }

    private static <T> List<T> all(String name, T[] given) {
        Objects.requireNonNull(given, () -> name + " is null");
        for (int i = 0; i < given.length; i++) {
            if (given[i] == null) {
                throw new NullPointerException(name + "[" + i + "] is null");
            }
        }
        return List.of(given);
    }

    /** With the first metric where none is named. */
    Optional<TopN> ranking() {
        if (top != null || topSize == 0 || metrics.isEmpty()) {
            return Optional.ofNullable(top);
        }
        return Optional.of(TopN.of(topSize, metrics.get(0)));
    }
}
