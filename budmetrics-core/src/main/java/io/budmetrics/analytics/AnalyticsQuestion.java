package io.budmetrics.analytics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.question.Facts;
import io.budmetrics.question.Question;
import io.budmetrics.question.SqlContext;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.BucketAxis;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question about traffic over time: its metrics, range, buckets, filters and groups. Immutable, compared by value, and
 * rejected when it makes no sense. Reads and writes JSON with a bare <code>ObjectMapper</code>. Made with
 * <code>QueryBuilder.analytics()</code>; {@link #toBuilder()} changes one.
 */
public final class AnalyticsQuestion implements Question<AnalyticsAnswer> {
    /** How far before the range running requests are searched for by default. */
    public static final Duration DEFAULT_LOOK_BACK = Duration.ofHours(1);

    private final AnalyticsBuilder parts;
    private final TimeRange range;
    private final Optional<TopN> top;
    private final Optional<Comparison> comparison;

    /** Checks the parts; the error calls them what the caller calls them. */
    AnalyticsQuestion(AnalyticsBuilder given, QuestionRules rules) {
        this.range = rules.range(given);
        this.parts = rules.checked(given, range);
        this.top = Optional.ofNullable(parts.top);
        this.comparison = Optional.ofNullable(parts.comparison);
    }

    /**
     * Starts a question.
     *
     * @return a builder: by calendar day, of plain inference, without groups, every bucket shown
     */
    public static AnalyticsBuilder builder() {
        return AnalyticsBuilder.EMPTY;
    }

    /**
     * Returns the metrics.
     *
     * @return one or more metrics, no two of the same name
     */
    public List<Metric<?>> metrics() {
        return parts.metrics;
    }

    /**
     * Returns the range, with the moment at which the question is asked and the zone.
     *
     * @return the range
     */
    public TimeRange range() {
        return range;
    }

    /**
     * Returns how long a bucket is.
     *
     * @return the frequency
     */
    public Frequency frequency() {
        return parts.frequency;
    }

    /**
     * Returns the conditions that a request must meet.
     *
     * @return conditions that must all hold, each of which may be nested
     */
    public List<Filter> filters() {
        return parts.filters;
    }

    /**
     * Returns the dimensions that requests are grouped by.
     *
     * @return dimensions, no two equal
     */
    public List<Dimension<?>> groupBy() {
        return parts.groupBy;
    }

    /**
     * Returns which groups of a ranking to keep.
     *
     * @return the ranking; empty when every group is kept
     */
    public Optional<TopN> top() {
        return top;
    }

    /**
     * Returns the conditions that a group must meet over the whole range to be in the answer at all.
     *
     * @return conditions that must all hold
     */
    public List<Having> having() {
        return parts.having;
    }

    /**
     * Returns whether each value is compared with that of the bucket before.
     *
     * @return true after {@link AnalyticsBuilder#withDelta}
     */
    public boolean withDelta() {
        return parts.withDelta;
    }

    /**
     * Returns whether the answer has totals, each computed from the requests themselves.
     *
     * @return true after {@link AnalyticsBuilder#withTotals}
     */
    public boolean withTotals() {
        return parts.withTotals;
    }

    /**
     * Returns the earlier range that each value is also compared with.
     *
     * @return the comparison; empty for none
     */
    public Optional<Comparison> comparison() {
        return comparison;
    }

    /**
     * Returns whether the answer shows the buckets in which a group has no request. Changes no number and no statement.
     *
     * @return false after {@link AnalyticsBuilder#onlyBucketsWithTraffic}
     */
    public boolean showsEmptyBuckets() {
        return parts.emptyBuckets;
    }

    /**
     * Returns which kind of traffic is counted.
     *
     * @return the kind of traffic
     */
    public TrafficSource trafficSource() {
        return parts.trafficSource;
    }

    /**
     * How long before the range a request may have arrived to count as still running.
     *
     * @return zero to 31 days
     */
    public Duration lookBack() {
        return parts.lookBack;
    }

    /**
     * Returns whether the answer's JSON has everything that is needed to read it back. Changes no number and no statement.
     *
     * @return true after {@link AnalyticsBuilder#withDetails}
     */
    public boolean showsDetails() {
        return parts.details;
    }

    /**
     * Returns a builder with the parts of this question, to ask a slightly different one. A ranking by the first metric
     * stays a ranking by that metric.
     *
     * @return a builder
     */
    public AnalyticsBuilder toBuilder() {
        return parts;
    }

    @Override
    public AnalyticsQuestion asOf(Instant moment) {
        Objects.requireNonNull(moment, "moment is null");
        return range.asOf().isPresent() ? this : parts.asOf(moment).build();
    }

    @Override
    public SqlStatement<AnalyticsAnswer> statement(SqlContext context) {
        return new AnalyticsSql(Internals.of(Objects.requireNonNull(context, "context is null")), this).statement();
    }

    @Override
    public Facts facts(SqlContext context) {
        return AnalyticsFacts.of(this, Objects.requireNonNull(context, "context is null"));
    }

    /**
     * Returns the same question for the range that this one is compared with.
     *
     * @return a question without a comparison, from and to the ends of that range; empty when nothing is compared
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when this question has no end
     */
    public Optional<AnalyticsQuestion> compared() {
        if (comparison.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(parts.over(comparison.get().rangeBefore(range))
                .comparedWithNothing()
                .build());
    }

    /** The same question about every group. */
    AnalyticsQuestion withoutChoosingGroups() {
        return parts.withoutChoosingGroups().build();
    }

    @JsonValue
    Map<String, Object> toJson() {
        return QuestionJson.write(this);
    }

    /** Takes any JSON value, so that errors name the fields of a question. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static AnalyticsQuestion fromJson(Object json) {
        return QuestionJson.read(json);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AnalyticsQuestion that && parts.parts().equals(that.parts.parts());
    }

    @Override
    public int hashCode() {
        return parts.parts().hashCode();
    }

    /** Shows the structure only, and no value of a filter. */
    @Override
    public String toString() {
        return "AnalyticsQuestion[" + parts.metrics + ", " + range.from() + " to "
                + range.to().map(Instant::toString).orElse("now") + ", every " + parts.frequency + ", where "
                + parts.filters + ", by " + parts.groupBy + "]";
    }

    /**
     * Keeps the first groups of a ranking over the whole range; all others become one group, which is computed exactly. Ties go
     * by the group's key: ids and texts by their letters, numbers by their size, false before true, a missing value last.
     * Immutable.
     *
     * @param size how many groups, 1 to 1,000
     * @param by whose headline value ranks them
     * @param smallestFirst whether the smallest comes first
     */
    public record TopN(int size, Metric<?> by, boolean smallestFirst) {
        private static final int MAX_SIZE = 1_000;

        public TopN {
            Objects.requireNonNull(by, "by is null");
            if (size < 1 || size > MAX_SIZE) {
                throw BudMetricsException.invalidQuery("top is " + size + "; give 1 to " + MAX_SIZE + " groups");
            }
        }

        /**
         * Keeps the first groups by a metric: durations smallest first, everything else largest first.
         *
         * @param size how many groups, 1 to 1,000
         * @param by whose headline value ranks them
         * @return the ranking
         * @throws BudMetricsException INVALID_QUERY for a size outside its range
         */
        public static TopN of(int size, Metric<?> by) {
            Objects.requireNonNull(by, "by is null");
            return new TopN(size, by, by.smallestFirst());
        }
    }

    /**
     * The mean of a metric's headline value over a bucket and the buckets right before it. A metric without one, such as a
     * percentile, is rejected by the constructor, before a question is executed. Immutable.
     *
     * @param metric whose values may be added up over buckets
     * @param buckets how many buckets an average is of, 2 to 10,000
     */
    public record MovingAverage(Metric<?> metric, int buckets) {
        /** Refuses a metric that cannot be added up over buckets, and a number of buckets outside its range. */
        public MovingAverage {
            Objects.requireNonNull(metric, "metric is null");
            if (metric.additivity() != Additivity.BUCKETS_AND_GROUPS) {
                throw BudMetricsException.invalidQuery(
                        "a moving average of " + metric + " has no meaning, since its values"
                                + " may be added up over " + metric.additivity().words()
                                + ", not over buckets; ask for coarser buckets instead");
            }
            if (buckets < 2 || buckets > BucketAxis.MAX_BUCKETS) {
                throw BudMetricsException.invalidQuery("a moving average of " + metric + " over " + buckets
                        + " buckets; give 2 to " + BucketAxis.MAX_BUCKETS);
            }
        }
    }
}
