package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.BELOW;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A value that a question asks for, and the typed key of that value in the answer. {@link Metrics} has the catalogue and
 * builds custom metrics. Immutable, compared by value.
 *
 * @param <V> its value in one bucket and group
 */
public abstract class Metric<V extends MetricValue> extends HasInternals<Measurement<V>> {
    static final String MINIMUM_SAMPLE = "minimum_sample";

    private final Definition definition;
    private final List<Aggregate> aggregates;
    private final Expr ranking;
    private final boolean smallestFirst;

    Metric(Definition definition, List<Aggregate> aggregates, Expr ranking, boolean smallestFirst) {
        super(Metric::view);
        this.definition = definition;
        this.aggregates = List.copyOf(aggregates);
        this.ranking = ranking;
        this.smallestFirst = smallestFirst;
    }

    /**
     * The metric's name in JSON and in the catalogue.
     *
     * @return lower case with underscores
     */
    public final String name() {
        return definition.name();
    }

    /**
     * A title of a few words, as a dashboard shows it.
     *
     * @return human-readable, such as <code>Time to first token</code>
     */
    public final String title() {
        return definition.title();
    }

    /**
     * The unit of the headline value, as it is written behind a number.
     *
     * @return such as <code>ms</code>
     */
    public final String unit() {
        return definition.unit();
    }

    /**
     * The formula of the headline value, and which requests it is over.
     *
     * @return human-readable
     */
    public final String formula() {
        return definition.formula();
    }

    /**
     * Returns which number of the value deltas and rankings use.
     *
     * @return the number's name, such as <code>mean</code>
     */
    public final String headlineName() {
        return definition.headlineName();
    }

    /**
     * Describes the value if nothing arrived, and if requests arrived but were not measured.
     *
     * @return human-readable
     */
    public final String nullRule() {
        return definition.nullRule();
    }

    /**
     * Whether headline values of buckets or groups may be added up.
     *
     * @return what they may be summed over
     */
    public final Additivity additivity() {
        return definition.additivity();
    }

    /**
     * The published definition that the metric follows.
     *
     * @return the standard and the metric's name there; <code>none</code> without one
     */
    public final String standard() {
        return definition.standard();
    }

    /**
     * Returns the columns of the table that are read for the metric, other than the arrival time.
     *
     * @return names in alphabetical order
     */
    public final List<String> columns() {
        SortedSet<String> columns = new TreeSet<>();
        for (Aggregate aggregate : aggregates) {
            for (String name : aggregate.expression().names()) {
                if (name.equals(Aggregate.SPAN_START) || name.equals(Aggregate.SPAN_END)) {
                    columns.add(InferenceFact.RESPONSE_TIME_US.name());
                } else {
                    Expr computed =
                            Internals.of(Layout.inferenceFact()).computed().get(name);
                    columns.addAll(computed == null ? Set.of(name) : computed.names());
                }
            }
        }
        columns.remove(InferenceFact.REQUEST_ARRIVAL_TIME.name());
        return List.copyOf(columns);
    }

    /**
     * Returns the parameters of the metric in the JSON of a question, which its name does not contain.
     *
     * @return JSON values by name; empty for an unchanged metric of the catalogue
     */
    public Map<String, Object> parameters() {
        return Map.of();
    }

    /**
     * Withholds averages, percentiles, ratios and scores over fewer measured requests than this: they are absent as
     * {@link Absence#TOO_FEW}. A count stays.
     *
     * @param minimum 1 to a billion requests
     * @return a new metric of the same name
     * @throws BudMetricsException INVALID_QUERY when the metric does not support a minimum sample, or for a number outside its
     *     range
     */
    public Metric<V> withMinimumSample(long minimum) {
        throw BudMetricsException.invalidQuery(
                name() + " does not support a minimum sample; give one to durations, ratios and scores");
    }

    static long requireMinimum(String metric, long minimum) {
        if (minimum < 1 || minimum > 1_000_000_000) {
            throw BudMetricsException.invalidQuery(
                    "minimum sample of " + metric + " is " + minimum + "; give 1 to 1000000000 requests");
        }
        return minimum;
    }

    static Map<String, Object> minimumParameters(String metric, long minimum) {
        if (minimum == 0) {
            return Map.of();
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", metric);
        parameters.put(MINIMUM_SAMPLE, minimum);
        return parameters;
    }

    /** A headline that is absent where the sample is too small. */
    static Expr atLeast(Expr sampleSize, long minimum, Expr headline) {
        return minimum == 0 ? headline : call(IF, binary(sampleSize, BELOW, number(minimum)), nothing(), headline);
    }

    /**
     * Keeps groups whose headline value over the whole range is at least this.
     *
     * @param bound a finite number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having atLeast(double bound) {
        return Having.of(this, Side.AT_LEAST, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is at least this.
     *
     * @param bound an exact number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having atLeast(BigDecimal bound) {
        return new Having(this, Side.AT_LEAST, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is more than this.
     *
     * @param bound a finite number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having above(double bound) {
        return Having.of(this, Side.ABOVE, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is more than this.
     *
     * @param bound an exact number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having above(BigDecimal bound) {
        return new Having(this, Side.ABOVE, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is at most this.
     *
     * @param bound a finite number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having atMost(double bound) {
        return Having.of(this, Side.AT_MOST, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is at most this.
     *
     * @param bound an exact number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having atMost(BigDecimal bound) {
        return new Having(this, Side.AT_MOST, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is less than this.
     *
     * @param bound a finite number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having below(double bound) {
        return Having.of(this, Side.BELOW, bound);
    }

    /**
     * Keeps groups whose headline value over the whole range is less than this.
     *
     * @param bound an exact number in the unit of the metric, of at most 12 decimals
     * @return a condition for the question's <code>having</code>
     * @throws BudMetricsException INVALID_QUERY for a bound outside -10^18 to 10^18 or of more decimals
     */
    public final Having below(BigDecimal bound) {
        return new Having(this, Side.BELOW, bound);
    }

    /**
     * Whether rankings list the smallest headline value first.
     *
     * @return true for durations
     */
    public final boolean smallestFirst() {
        return smallestFirst;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Metric<?> that
                && name().equals(that.name())
                && aggregates.equals(that.aggregates)
                && parameters().equals(that.parameters());
    }

    @Override
    public final int hashCode() {
        return name().hashCode();
    }

    @Override
    public final String toString() {
        return name();
    }

    final Definition definition() {
        return definition;
    }

    /** The same metric without what its headline value does not need. */
    Metric<V> forHeadline() {
        return this;
    }

    final List<Aggregate> aggregates() {
        return aggregates;
    }

    final Expr ranking() {
        return ranking;
    }

    final boolean decimal() {
        return definition.kind() == Definition.Kind.AMOUNT || definition.kind() == Definition.Kind.QUOTIENT;
    }

    final BigDecimal inRanking(BigDecimal headline, long coveredMicros) {
        BigDecimal scaled = headline.multiply(definition.scale().factor());
        BigDecimal micros = BigDecimal.valueOf(coveredMicros);
        int ofTime = definition.scale().ofTime();
        return ofTime < 0
                ? scaled.divide(micros.pow(-ofTime), MathContext.DECIMAL128)
                : scaled.multiply(micros.pow(ofTime));
    }

    abstract V read(Measures measures);

    double headline(Measures measures) {
        return read(measures).headline().orElse(Double.NaN);
    }

    Map<String, @Nullable Number> fields(V value, boolean details) {
        return value.fields(details);
    }

    abstract V parse(Map<String, @Nullable BigDecimal> fields, long requests);

    private static <V extends MetricValue> Measurement<V> view(HasInternals<Measurement<V>> metric) {
        return new View<>((Metric<V>) metric);
    }

    /** The part of a metric that statements and results need, made once for each metric. */
    private record View<V extends MetricValue>(Metric<V> metric) implements Measurement<V> {
        @Override
        public List<Aggregate> aggregates() {
            return metric.aggregates;
        }

        @Override
        public Expr ranking() {
            return metric.ranking;
        }

        @Override
        public boolean decimal() {
            return metric.decimal();
        }

        @Override
        public BigDecimal inRanking(BigDecimal headline, long coveredMicros) {
            return metric.inRanking(headline, coveredMicros);
        }

        @Override
        public V read(Measures measures) {
            return metric.read(measures);
        }

        @Override
        public double headline(Measures measures) {
            return metric.headline(measures);
        }

        @Override
        public Map<String, @Nullable Number> fields(V value, boolean details) {
            return metric.fields(value, details);
        }

        @Override
        public V parse(Map<String, @Nullable BigDecimal> fields, long requests) {
            return metric.parse(fields, requests);
        }
    }

    /** What headline values of a metric may be summed over. */
    public enum Additivity {
        /** Buckets and groups: the sum is the value of all of them together. */
        BUCKETS_AND_GROUPS("buckets and groups"),
        /** Only the groups of one bucket, as rates per second. */
        GROUPS("the groups of one bucket"),
        /** Nothing: ask for coarser buckets or fewer dimensions instead. */
        NONE("nothing");

        private final String words;

        Additivity(String words) {
            this.words = words;
        }

        /**
         * Returns a description in words.
         *
         * @return human-readable, such as <code>buckets and groups</code>
         */
        public String words() {
            return words;
        }
    }
}
