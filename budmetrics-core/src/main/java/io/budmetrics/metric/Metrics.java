package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The catalogue of metrics, and factories of metrics with limits and of custom metrics. A negative duration counts as not
 * measured. Each metric has one definition, and asking for another beside it changes no value. The formulas stand beside
 * this class by subject; docs/metrics.md lists all definitions.
 */
public final class Metrics {
    private static final Pattern CUSTOM_NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

    // Traffic

    /** Requests that arrived. Unit: requests. OTel: the count of <code>gen_ai.server.request.duration</code>. */
    public static final Metric<Count> REQUEST_COUNT = TrafficMetrics.REQUEST_COUNT;

    /**
     * Requests per second of the covered part of a bucket. Unit: requests/s. aiperf: <code>request_throughput</code>, which
     * counts successful requests only.
     */
    public static final Metric<Rate> REQUEST_RATE = TrafficMetrics.REQUEST_RATE;

    /**
     * Requests that succeeded, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel:
     * those without <code>error.type</code>.
     */
    public static final Metric<Share> SUCCESSFUL_REQUESTS = TrafficMetrics.SUCCESSFUL_REQUESTS;

    /**
     * Requests that failed, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel: those
     * with <code>error.type</code>.
     */
    public static final Metric<Share> FAILED_REQUESTS = TrafficMetrics.FAILED_REQUESTS;

    /** Requests that the gateway refused, and their ratio to those where it is known. Unit: requests; ratio 0 to 1. */
    public static final Metric<Share> BLOCKED_REQUESTS = TrafficMetrics.BLOCKED_REQUESTS;

    /** Distinct users, counted exactly. Unit: users. */
    public static final Metric<UniqueUsers> UNIQUE_USERS = TrafficMetrics.UNIQUE_USERS;

    /**
     * The same count, estimated with <code>uniqCombined64</code>, which needs a bounded amount of memory for any number of
     * users. The value states the error. A question asks for one of the two.
     */
    public static final Metric<UniqueUsers> UNIQUE_USERS_ESTIMATED = TrafficMetrics.UNIQUE_USERS_ESTIMATED;

    // Latency

    /**
     * Time from arrival to forwarding. Unit: ms; no percentiles unless named. vLLM:
     * <code>request_queue_time_seconds</code>, as seen by the gateway.
     */
    public static final DistributionMetric QUEUING_TIME = LatencyMetrics.QUEUING_TIME;

    // Volume

    /** Sum of input tokens. Unit: tokens. OTel: <code>gen_ai.usage.input_tokens</code>. */
    public static final Metric<TokenTotal> INPUT_TOKENS = TokenMetrics.INPUT_TOKENS;

    /** Sum of output tokens. Unit: tokens. OTel: <code>gen_ai.usage.output_tokens</code>. */
    public static final Metric<TokenTotal> OUTPUT_TOKENS = TokenMetrics.OUTPUT_TOKENS;

    /** Sum of input and output tokens; of a request where only one is known, that one. Unit: tokens. */
    public static final Metric<TokenTotal> TOTAL_TOKENS = TokenMetrics.TOTAL_TOKENS;

    /** Sum of reasoning tokens, which most providers count in the output tokens too. Unit: tokens. */
    public static final Metric<TokenTotal> REASONING_TOKENS = TokenMetrics.REASONING_TOKENS;

    // Concurrency

    /**
     * Peak of requests in flight, each from arrival to arrival + latency, half-open, with those already running when the
     * bucket starts. Unit: requests.
     */
    public static final Metric<Concurrency> CONCURRENT_REQUESTS = ConcurrencyMetrics.CONCURRENT_REQUESTS;

    /**
     * Requests in flight on average: the time that all of them spent in the bucket over its covered time, with those
     * already running when it starts. Unit: requests. Over long windows it is request rate times mean latency (Little's
     * law).
     */
    public static final Metric<AverageConcurrency> AVERAGE_CONCURRENCY = ConcurrencyMetrics.AVERAGE_CONCURRENCY;

    // Latency of the answer

    /**
     * Time to first token, where it was measured and the request is not marked as non-streamed. Unit: ms; p95 and p99
     * unless others are named. OTel: <code>gen_ai.server.time_to_first_token</code>.
     */
    public static final DistributionMetric TTFT = LatencyMetrics.TTFT;

    /**
     * Time per output token of a request: (latency - time to first token) / (output tokens - 1), undefined below two
     * output tokens, where all three were measured and the request is not marked as non-streamed. Each request counts
     * once, however many tokens it has. Unit: ms; p95 and p99 unless others are named. OTel:
     * <code>gen_ai.server.time_per_output_token</code>.
     */
    public static final DistributionMetric TPOT = LatencyMetrics.TPOT;

    /**
     * Output speed that a user sees: (output tokens - 1) / (latency - time to first token) of a request, where its
     * {@link #TPOT} is measured and not zero. Unit: tokens/s; p95 and p99 unless others are named. aiperf:
     * <code>output_token_throughput_per_user</code>.
     */
    public static final DistributionMetric OUTPUT_SPEED = LatencyMetrics.OUTPUT_SPEED;

    /**
     * End-to-end latency. Unit: ms; p95 and p99 unless others are named. OTel:
     * <code>gen_ai.server.request.duration</code>.
     */
    public static final DistributionMetric LATENCY = LatencyMetrics.LATENCY;

    // Throughput

    /**
     * Generation throughput: output tokens per second of latency, a ratio of sums over the requests where both are
     * known. Unit: tokens/s. Not to be confused with {@link #SYSTEM_THROUGHPUT}.
     */
    public static final Metric<Rate> THROUGHPUT = TokenMetrics.THROUGHPUT;

    /**
     * System throughput: the output tokens of the requests that arrived, per second of the covered part of the bucket.
     * Unit: tokens/s. perf_analyzer and aiperf: <code>output_token_throughput</code>.
     */
    public static final Metric<Rate> SYSTEM_THROUGHPUT = TokenMetrics.SYSTEM_THROUGHPUT;

    // Cache

    /** Response-cache hits, their ratio to the requests where it is known, and their mean latency. Headline: ratio. */
    public static final Metric<CacheUse> CACHE = CacheMetrics.CACHE;

    /**
     * Time that the response cache saved, estimated: each hit is taken to have saved the mean latency of the misses of
     * the same cell, less its own. Unit: ms. Hits and misses that differ in kind bias it; group by what tells them apart.
     */
    public static final Metric<QuantityTotal> CACHE_LATENCY_SAVED = CacheMetrics.CACHE_LATENCY_SAVED;

    /**
     * Input tokens read from the prompt cache over input tokens, of providers whose input tokens include the cached ones
     * (OpenAI, Gemini, OTel). Headline: ratio.
     */
    public static final Metric<TokenShare> PROMPT_CACHE = CacheMetrics.PROMPT_CACHE;

    /**
     * Input tokens read from the prompt cache over all input tokens, of providers whose input tokens exclude the cached
     * ones (Anthropic), so that those read and written are added. Headline: ratio.
     */
    public static final Metric<TokenShare> PROMPT_CACHE_EXCLUDED = CacheMetrics.PROMPT_CACHE_EXCLUDED;

    // Cost

    /** Sum of the billed prices, decimal from the column to {@link BigDecimal}, with its coverage. Unit: currency. */
    public static final Metric<Cost> COST = CostMetrics.COST;

    /** Cost of a request that has a price. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_REQUEST = CostMetrics.COST_PER_REQUEST;

    /**
     * Cost of all requests that have a price and a known outcome, over the number of them that succeeded, so that
     * successful requests also carry the cost of failed ones. Unit: currency.
     */
    public static final Metric<UnitCost> COST_PER_SUCCESS = CostMetrics.COST_PER_SUCCESS;

    /** Cost of 1,000 tokens, input and output, over the requests that have a price and tokens. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_1000_TOKENS = CostMetrics.COST_PER_1000_TOKENS;

    /** Cost of a million tokens, input and output, over the requests that have a price and tokens. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_MILLION_TOKENS = CostMetrics.COST_PER_MILLION_TOKENS;

    private static final Map<String, Metric<?>> BY_NAME = byName(
            REQUEST_COUNT,
            REQUEST_RATE,
            SUCCESSFUL_REQUESTS,
            FAILED_REQUESTS,
            BLOCKED_REQUESTS,
            UNIQUE_USERS,
            QUEUING_TIME,
            TTFT,
            TPOT,
            LATENCY,
            OUTPUT_SPEED,
            INPUT_TOKENS,
            OUTPUT_TOKENS,
            TOTAL_TOKENS,
            REASONING_TOKENS,
            THROUGHPUT,
            SYSTEM_THROUGHPUT,
            CONCURRENT_REQUESTS,
            AVERAGE_CONCURRENCY,
            CACHE,
            CACHE_LATENCY_SAVED,
            PROMPT_CACHE,
            PROMPT_CACHE_EXCLUDED,
            COST,
            COST_PER_REQUEST,
            COST_PER_SUCCESS,
            COST_PER_1000_TOKENS,
            COST_PER_MILLION_TOKENS);

    private Metrics() {}

    /**
     * Requests per covered second that keep a service level. Unit: requests/s. Named after the level, such as
     * <code>goodput_chat</code>.
     *
     * @param level the limits
     * @return the metric
     */
    public static Metric<Rate> goodput(ServiceLevel level) {
        return ServiceLevelMetrics.goodput(level);
    }

    /**
     * The share of requests that keep a service level. Headline: ratio. Named after the level, such as
     * <code>slo_attainment_chat</code>.
     *
     * @param level the limits
     * @return the metric
     */
    public static Metric<Attainment> sloAttainment(ServiceLevel level) {
        return ServiceLevelMetrics.attainment(level, 0);
    }

    /**
     * Apdex of a duration: satisfied within the target, tolerating within four times the target, frustrated beyond it or
     * where the request failed. Blocked requests are left out, for {@link #TTFT} and {@link #TPOT} also those marked as
     * not streamed, and those whose duration is not known. Unit: score 0 to 1. Named after both, such as
     * <code>apdex_ttft_500ms</code>.
     *
     * @param duration such as {@link #TTFT}
     * @param target a microsecond to a day, in whole microseconds
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY for a target outside its range, and for a metric that is no duration of the
     *     catalogue
     */
    public static Metric<Apdex> apdex(DistributionMetric duration, Duration target) {
        return ServiceLevelMetrics.apdex(duration, target, 0);
    }

    /**
     * Divides the headline value of one metric by that of another, each over the whole cell. The value is absent
     * where either is absent, and undefined where the second is 0.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param left the dividend
     * @param right the divisor
     * @param <L> the type of the dividend's values
     * @param <R> the type of the divisor's values
     * @return the metric; its unit is that of the first over that of the second, or <code>ratio</code> when they are equal
     * @throws BudMetricsException INVALID_QUERY for another name, or when it is made of more than 20 metrics in all
     */
    public static <L extends MetricValue, R extends MetricValue> DerivedMetric<L, R> ratio(
            String name, Metric<L> left, Metric<R> right) {
        return ratio(name, left, right, 1);
    }

    /**
     * Divides one metric by a number of another, such as cost per million output tokens.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param left the dividend
     * @param right the divisor
     * @param per over how many of it: 1, 10, 100 and so on to a billion
     * @param <L> the type of the dividend's values
     * @param <R> the type of the divisor's values
     * @return left x per / right; see {@link #ratio(String, Metric, Metric)}
     * @throws BudMetricsException INVALID_QUERY for another name or number, or when it is made of more than 20 metrics in all
     */
    public static <L extends MetricValue, R extends MetricValue> DerivedMetric<L, R> ratio(
            String name, Metric<L> left, Metric<R> right, long per) {
        return DerivedMetric.of(customName(name), DerivedMetric.Operation.RATIO, left, right, per);
    }

    /**
     * Adds the headline values of two metrics. The value is absent where either is absent.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param left one
     * @param right another of the same unit
     * @param <L> the type of the first one's values
     * @param <R> the type of the second one's values
     * @return the metric; it may be summed over what both may be summed over
     * @throws BudMetricsException INVALID_QUERY for another name, for metrics of different units, or when it is made of
     *     more than 20 metrics in all
     */
    public static <L extends MetricValue, R extends MetricValue> DerivedMetric<L, R> sum(
            String name, Metric<L> left, Metric<R> right) {
        return DerivedMetric.of(customName(name), DerivedMetric.Operation.SUM, left, right, 1);
    }

    /**
     * Subtracts the headline value of one metric from that of another. The value is absent where either is absent.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param left from which is taken
     * @param right what is taken, of the same unit
     * @param <L> the type of the first one's values
     * @param <R> the type of the second one's values
     * @return the metric; it may be summed over what both may be summed over
     * @throws BudMetricsException INVALID_QUERY for another name, for metrics of different units, or when it is made of
     *     more than 20 metrics in all
     */
    public static <L extends MetricValue, R extends MetricValue> DerivedMetric<L, R> difference(
            String name, Metric<L> left, Metric<R> right) {
        return DerivedMetric.of(customName(name), DerivedMetric.Operation.DIFFERENCE, left, right, 1);
    }

    /**
     * Counts the requests that match a filter, with their ratio to all. Unit: requests; ratio 0 to 1. A filter matches or
     * does not match every request, so the count is known of all: 0 where nothing arrived.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY for another name
     */
    public static Metric<Share> requestsWhere(String name, Filter condition) {
        return CustomMetrics.requestsWhere(customName(name), condition, 0);
    }

    /**
     * Mean, extremes and any percentiles of a quantity, over the requests where it was measured. Unit: that of the quantity,
     * durations in ms; no percentiles unless named. Amounts are summed as decimals; their extremes and percentiles are
     * floating-point numbers.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param quantity such as <code>Quantity.RESPONSE_SIZE</code>; no degrees
     * @return the metric; durations rank smallest first
     * @throws BudMetricsException INVALID_QUERY for another name, and for degrees, since averaging coordinates is not meaningful
     */
    public static DistributionMetric distribution(String name, Quantity<?> quantity) {
        return CustomMetrics.distribution(customName(name), quantity, Optional.empty());
    }

    /**
     * Mean, extremes and any percentiles of a quantity, over the requests that match a filter too.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param quantity such as <code>Quantity.RESPONSE_SIZE</code>; no degrees
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric; see {@link #distribution(String, Quantity)}
     * @throws BudMetricsException INVALID_QUERY for another name, and for degrees, since averaging coordinates is not meaningful
     */
    public static DistributionMetric distribution(String name, Quantity<?> quantity, Filter condition) {
        Objects.requireNonNull(condition, "condition is null");
        return CustomMetrics.distribution(customName(name), quantity, Optional.of(condition));
    }

    /**
     * Sums a quantity over the requests where it was measured, without rounding. Unit: that of the quantity, durations in
     * ms.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param quantity such as <code>Quantity.RESPONSE_SIZE</code>; no degrees and no time per token
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY for another name, and for what cannot be added up
     */
    public static Metric<QuantityTotal> total(String name, Quantity<?> quantity) {
        return CustomMetrics.total(customName(name), quantity, Optional.empty());
    }

    /**
     * Sums a quantity over the requests where it was measured and that match a filter.
     *
     * @param name at most 60 lower-case letters, digits and underscores, a letter first; not a name of the catalogue
     * @param quantity such as <code>Quantity.RESPONSE_SIZE</code>; no degrees and no time per token
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric; see {@link #total(String, Quantity)}
     * @throws BudMetricsException INVALID_QUERY for another name, and for what cannot be added up
     */
    public static Metric<QuantityTotal> total(String name, Quantity<?> quantity, Filter condition) {
        Objects.requireNonNull(condition, "condition is null");
        return CustomMetrics.total(customName(name), quantity, Optional.of(condition));
    }

    /** Checks the name of a custom metric: the names of the catalogue are taken. */
    private static String customName(String name) {
        Objects.requireNonNull(name, "name is null");
        if (!CUSTOM_NAME.matcher(name).matches()) {
            throw BudMetricsException.invalidQuery("name of a custom metric has " + name.length()
                    + " characters and is not an identifier; give 1 to 60 lower-case letters, digits and underscores, a"
                    + " letter first");
        }
        if (BY_NAME.containsKey(name)) {
            throw BudMetricsException.invalidQuery(
                    "name of a custom metric is " + name + ", which the catalogue has; give another name");
        }
        return name;
    }

    /**
     * Lists the catalogue, without the metrics that need limits.
     *
     * @return the metrics, in the order of the documentation
     */
    public static List<Metric<?>> all() {
        return List.copyOf(BY_NAME.values());
    }

    /**
     * Finds a metric of the catalogue by its name.
     *
     * @param name its name in JSON
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY when no metric has this name
     */
    public static Metric<?> named(String name) {
        Objects.requireNonNull(name, "name is null");
        Metric<?> metric = BY_NAME.get(name);
        if (metric == null) {
            throw BudMetricsException.invalidQuery("metrics has a name that no metric has; give one of "
                    + BY_NAME.keySet() + ", or with parameters one of [goodput, slo_attainment, apdex]");
        }
        return metric;
    }

    /**
     * Restores a metric of the catalogue from its name and parameters; custom metrics are read with their question.
     *
     * @param name its name in JSON
     * @param parameters those of {@link Metric#parameters()}
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY when they describe no metric, or one of another name
     */
    public static Metric<?> named(String name, Map<String, Object> parameters) {
        Parameters given = new Parameters(parameters);
        String kind = given.text("metric").orElseThrow(() -> given.wrong("metric", "the name of a metric"));
        Metric<?> metric =
                switch (kind) {
                    case ServiceLevelMetrics.GOODPUT -> goodput(ServiceLevel.of(given));
                    case ServiceLevelMetrics.ATTAINMENT -> sloAttainment(ServiceLevel.of(given));
                    case ServiceLevelMetrics.APDEX -> apdex(given);
                    case TrafficMetrics.UNIQUE_USERS_NAME ->
                        given.flag(TrafficMetrics.ESTIMATED) ? UNIQUE_USERS_ESTIMATED : UNIQUE_USERS;
                    default -> named(kind);
                };
        OptionalLong minimum = given.whole(Metric.MINIMUM_SAMPLE);
        if (minimum.isPresent()) {
            metric = metric.withMinimumSample(minimum.getAsLong());
        }
        OptionalLong confidence = given.whole(DistributionMetric.CONFIDENCE);
        if (confidence.isPresent()) {
            if (!(metric instanceof DistributionMetric distribution)) {
                throw given.wrong(DistributionMetric.CONFIDENCE, "it for metrics with percentiles");
            }
            metric = distribution.withIntervals(Confidence.ofPercent(confidence.getAsLong()));
        }
        if (!metric.name().equals(name)) {
            throw BudMetricsException.invalidQuery("parameters describe " + metric.name()
                    + " under another name; give it one name in metrics and in parameters");
        }
        return metric;
    }

    private static Metric<Apdex> apdex(Parameters given) {
        if (!(named(given.text("of").orElse("")) instanceof DistributionMetric duration)
                || !duration.isDurationOfTheCatalogue()) {
            throw given.wrong("of", "a duration such as ttft");
        }
        return apdex(duration, given.duration("target_us").orElseThrow(() -> given.wrong("target_us", "microseconds")));
    }

    private static Map<String, Metric<?>> byName(Metric<?>... metrics) {
        Map<String, Metric<?>> byName = new LinkedHashMap<>();
        for (Metric<?> metric : metrics) {
            byName.put(metric.name(), metric);
        }
        return byName;
    }
}
