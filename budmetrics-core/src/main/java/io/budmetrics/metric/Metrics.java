package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Function.COUNT;
import static io.budmetrics.internal.expr.Expr.Function.COUNT_IF;
import static io.budmetrics.internal.expr.Expr.Function.IF;
import static io.budmetrics.internal.expr.Expr.Function.IF_NULL;
import static io.budmetrics.internal.expr.Expr.Function.IS_NOT_NULL;
import static io.budmetrics.internal.expr.Expr.Function.MAX_INTERSECTIONS;
import static io.budmetrics.internal.expr.Expr.Function.MAX_INTERSECTIONS_IF;
import static io.budmetrics.internal.expr.Expr.Function.NULL_IF;
import static io.budmetrics.internal.expr.Expr.Function.SUM;
import static io.budmetrics.internal.expr.Expr.Function.SUM_IF;
import static io.budmetrics.internal.expr.Expr.Function.TO_DECIMAL_256;
import static io.budmetrics.internal.expr.Expr.Operator.ABOVE;
import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.AT_MOST;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.Operator.MINUS;
import static io.budmetrics.internal.expr.Expr.Operator.MULTIPLY;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.DistributionMetric.Sample;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue: every metric that can be asked for. A negative duration counts as not measured. Each metric has one
 * definition, and asking for another beside it changes no value.
 */
public final class Metrics {
    private static final double MICROS_PER_SECOND = 1_000_000;
    static final double MICROS_PER_MILLI = 1000;

    static final String SUM_RULE = "0 where nothing arrived; absent where requests arrived and it is known of none";
    static final String MEAN_RULE = "absent where none was measured";
    static final String NO_STANDARD = "none";
    private static final String OTEL = "OpenTelemetry GenAI: ";

    private static final Pattern OWN_NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

    private static final Expr OUTPUT_KNOWN =
            binary(call(IS_NOT_NULL, Terms.OUTPUT_TOKENS), AND, Terms.LATENCY_MEASURED);
    private static final Aggregate LATENCY_MEASURED =
            Aggregate.of("latency_measured", call(COUNT_IF, Terms.LATENCY_MEASURED));
    private static final Aggregate SUCCESS_KNOWN = Aggregate.of("success_known", call(COUNT, Terms.IS_SUCCESS));
    private static final Aggregate CACHE_KNOWN = Aggregate.of("cache_known", call(COUNT, Terms.CACHED));
    private static final Aggregate HITS = Aggregate.of("cache_hits", call(COUNT_IF, Terms.CACHED));
    private static final Aggregate HITS_MEASURED =
            Aggregate.of("cache_hits_measured", call(COUNT_IF, Terms.HIT_MEASURED));
    private static final Aggregate HITS_TIME =
            Aggregate.of("cache_hits_time", call(SUM_IF, Terms.LATENCY, Terms.HIT_MEASURED));
    private static final Catalogued.Reader<TokenTotal> READ_TOKENS = Catalogued.Reader.of(
            Metrics::tokenTotal, measures -> knownOfNone(measures, 0) ? Double.NaN : measures.longAt(1));
    private static final Expr SPAN_START = Expr.name(Aggregate.SPAN_START);
    private static final Expr SPAN_END = Expr.name(Aggregate.SPAN_END);
    private static final Expr PRICED_OUTCOME = binary(Terms.PRICED, AND, call(IS_NOT_NULL, Terms.IS_SUCCESS));
    private static final Expr RAN = binary(Terms.LATENCY, ABOVE, number(0));

    // Traffic

    /** Requests that arrived. Unit: requests. OTel: the count of <code>gen_ai.server.request.duration</code>. */
    public static final Metric<Count> REQUEST_COUNT = new Catalogued<>(
            new Definition(
                            "request_count",
                            "Requests",
                            "count",
                            "requests",
                            "count of requests that arrived",
                            "0 where nothing arrived",
                            Additivity.BUCKETS_AND_GROUPS,
                            OTEL + "count of gen_ai.server.request.duration; aiperf: request_count")
                    .of(Kind.WHOLE),
            List.of(),
            call(COUNT),
            Catalogued.Reader.of(measures -> new Count(measures.requests()), Measures::requests),
            (fields, requests) -> new Count(requests));

    /**
     * Requests per second of the covered part of a bucket. Unit: requests/s. aiperf: <code>request_throughput</code>, which
     * counts successful requests only.
     */
    public static final Metric<RequestRate> REQUEST_RATE = new Catalogued<>(
            new Definition(
                            "request_rate",
                            "Request rate",
                            "per second",
                            "requests/s",
                            "count of requests that arrived / covered seconds of the bucket",
                            "0 where nothing arrived",
                            Additivity.GROUPS,
                            "aiperf: request_throughput, of all requests instead of the successful ones")
                    .ranked(Definition.Scale.PER_SECOND),
            List.of(),
            call(COUNT),
            measures -> new RequestRate(measures.requests(), measures.coveredSeconds()),
            (fields, requests) -> new RequestRate(requests, Fields.realOrZero(fields, Fields.COVERED_SECONDS)));

    /**
     * Requests that succeeded, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel:
     * those without <code>error.type</code>.
     */
    public static final Metric<Share> SUCCESSFUL_REQUESTS = share(
            new Definition(
                    "success_request",
                    "Successful requests",
                    "count",
                    "requests",
                    "count where is_success; ratio over requests where is_success is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "OpenTelemetry: requests without error.type"),
            Aggregate.of("success_count", call(COUNT_IF, Terms.IS_SUCCESS)),
            SUCCESS_KNOWN,
            Terms.IS_SUCCESS);

    /**
     * Requests that failed, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel: those
     * with <code>error.type</code>.
     */
    public static final Metric<Share> FAILED_REQUESTS = share(
            new Definition(
                    "failure_request",
                    "Failed requests",
                    "count",
                    "requests",
                    "count where not is_success; ratio over requests where is_success is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "OpenTelemetry: requests with error.type"),
            Aggregate.of("failure_count", call(COUNT_IF, Terms.IS_FAILURE)),
            SUCCESS_KNOWN,
            Terms.IS_FAILURE);

    /** Requests that the gateway refused, and their ratio to those where it is known. Unit: requests; ratio 0 to 1. */
    public static final Metric<Share> BLOCKED_REQUESTS = share(
            new Definition(
                    "blocked_request",
                    "Blocked requests",
                    "count",
                    "requests",
                    "count where is_blocked; ratio over requests where is_blocked is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    NO_STANDARD),
            Aggregate.of("blocked_count", call(COUNT_IF, Terms.IS_BLOCKED)),
            Aggregate.of("blocked_known", call(COUNT, Terms.IS_BLOCKED)),
            Terms.IS_BLOCKED);

    /** Distinct users, exactly; {@link UniqueUsersMetric#estimated()} names an estimator. Unit: users. */
    public static final UniqueUsersMetric UNIQUE_USERS = new UniqueUsersMetric(
            new Definition(
                            "unique_users",
                            "Unique users",
                            "count",
                            "users",
                            "distinct user_id over the requests where it is known",
                            SUM_RULE,
                            Additivity.NONE,
                            NO_STANDARD)
                    .of(Kind.WHOLE),
            false);

    // Latency

    /**
     * Time from arrival to forwarding. Unit: ms; no percentiles unless named. vLLM:
     * <code>request_queue_time_seconds</code>, as seen by the gateway.
     */
    public static final DurationMetric QUEUING_TIME = new DurationMetric(
            new Definition(
                    "queuing_time",
                    "Queue time",
                    "mean",
                    "ms",
                    "request_forward_time - request_arrival_time, where both are known",
                    MEAN_RULE,
                    Additivity.NONE,
                    "vLLM: request_queue_time_seconds, as seen by the gateway"),
            // the name of the seed
            "avg_time_ms",
            new Sample(Terms.QUEUE_TIME, binary(Terms.QUEUE_TIME, AT_LEAST, number(0)), Kind.WHOLE, MICROS_PER_MILLI));

    // Volume

    /** Sum of input tokens. Unit: tokens. OTel: <code>gen_ai.usage.input_tokens</code>. */
    public static final Metric<TokenTotal> INPUT_TOKENS = tokens(
            new Definition(
                    "input_token",
                    "Input tokens",
                    "total",
                    "tokens",
                    "sum(input_tokens) over the requests where it is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    OTEL + "gen_ai.usage.input_tokens"),
            InferenceFact.INPUT_TOKENS);

    /** Sum of output tokens. Unit: tokens. OTel: <code>gen_ai.usage.output_tokens</code>. */
    public static final Metric<TokenTotal> OUTPUT_TOKENS = tokens(
            new Definition(
                    "output_token",
                    "Output tokens",
                    "total",
                    "tokens",
                    "sum(output_tokens) over the requests where it is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    OTEL + "gen_ai.usage.output_tokens"),
            InferenceFact.OUTPUT_TOKENS);

    /** Sum of input and output tokens; of a request where only one is known, that one. Unit: tokens. */
    public static final Metric<TokenTotal> TOTAL_TOKENS = new Catalogued<>(
            new Definition(
                            "total_token",
                            "Total tokens",
                            "total",
                            "tokens",
                            "sum(input_tokens + output_tokens) over the requests where either is known; one that is not known adds 0",
                            SUM_RULE,
                            Additivity.BUCKETS_AND_GROUPS,
                            "vLLM benchmark: total tokens")
                    .of(Kind.WHOLE),
            List.of(
                    Aggregate.of("total_token_known", call(COUNT_IF, Terms.TOKENS_KNOWN)),
                    Aggregate.of("total_token_sum", call(SUM, Terms.TOKENS))),
            call(IF, binary(call(COUNT_IF, Terms.TOKENS_KNOWN), EQUAL, number(0)), nothing(), call(SUM, Terms.TOKENS)),
            READ_TOKENS,
            Metrics::tokenTotal);

    /** Sum of reasoning tokens, which most providers count in the output tokens too. Unit: tokens. */
    public static final Metric<TokenTotal> REASONING_TOKENS = tokens(
            new Definition(
                    "reasoning_token",
                    "Reasoning tokens",
                    "total",
                    "tokens",
                    "sum(reasoning_tokens) over the requests where it is known",
                    SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "aiperf: reasoning tokens"),
            InferenceFact.REASONING_TOKENS);

    // Concurrency

    /**
     * Peak of requests in flight, each from arrival to arrival + latency, half-open, with those already running when the
     * period starts. Unit: requests.
     */
    public static final Metric<Concurrency> CONCURRENT_REQUESTS = new Catalogued<>(
            new Definition(
                            "concurrent_requests",
                            "Peak concurrency",
                            "peak",
                            "requests",
                            "greatest number of overlapping [arrival, arrival + latency) at any moment of the covered part of the bucket, with what was already running within the look-back of the question",
                            "0 where nothing ran; absent where requests arrived and no latency is known",
                            Additivity.NONE,
                            "vLLM: num_requests_running, exact instead of sampled")
                    .of(Kind.WHOLE),
            List.of(
                    LATENCY_MEASURED,
                    Aggregate.running("concurrency_peak", call(MAX_INTERSECTIONS, SPAN_START, SPAN_END))),
            ofRunning(call(MAX_INTERSECTIONS_IF, SPAN_START, SPAN_END, RAN)),
            measures -> new Concurrency(
                    unknownWhatRuns(measures) ? OptionalLong.empty() : OptionalLong.of(measures.longAt(1))),
            (fields, requests) -> {
                BigDecimal peak = fields.get("avg");
                return new Concurrency(peak == null ? OptionalLong.empty() : OptionalLong.of(peak.longValueExact()));
            });

    /**
     * Requests in flight on average: the time that all of them spent in the bucket over its covered time, with those
     * already running when it starts. Unit: requests. Over long windows it is request rate times mean latency (Little's
     * law).
     */
    public static final Metric<AverageConcurrency> AVERAGE_CONCURRENCY = new Catalogued<>(
            new Definition(
                            "average_concurrency",
                            "Average concurrency",
                            "average",
                            "requests",
                            "sum of the overlaps of [arrival, arrival + latency) with the covered part of the bucket / covered time, with what was already running within the look-back of the question",
                            "0 where nothing ran; absent where requests arrived and no latency is known",
                            Additivity.GROUPS,
                            "Little's law: L")
                    .ranked(Definition.Scale.OF_TIME),
            List.of(
                    LATENCY_MEASURED,
                    Aggregate.running("concurrency_time", call(SUM, binary(SPAN_END, MINUS, SPAN_START)))),
            ofRunning(call(SUM_IF, binary(SPAN_END, MINUS, SPAN_START), RAN)),
            measures -> new AverageConcurrency(
                    unknownWhatRuns(measures)
                            ? OptionalDouble.empty()
                            : OptionalDouble.of((double) measures.longAt(1) / measures.coveredMicros())),
            (fields, requests) -> new AverageConcurrency(Fields.optional(fields, "avg")));

    // Latency of the answer

    /**
     * Time to first token, where it was measured and the request is not marked as non-streamed. Unit: ms; p95 and p99
     * unless others are named. OTel: <code>gen_ai.server.time_to_first_token</code>.
     */
    public static final DurationMetric TTFT = new DurationMetric(
            new Definition(
                    "ttft",
                    "Time to first token",
                    "mean",
                    "ms",
                    "ttft, where it was measured and streamed is not false",
                    MEAN_RULE,
                    Additivity.NONE,
                    OTEL + "gen_ai.server.time_to_first_token; vLLM: time_to_first_token_seconds"),
            new Sample(Terms.TTFT, Terms.TTFT_MEASURED, Kind.WHOLE, MICROS_PER_MILLI),
            0.95,
            0.99);

    /**
     * Time per output token of a request: (latency - time to first token) / (output tokens - 1), undefined below two
     * output tokens, where all three were measured and the request is not marked as non-streamed. Each request counts
     * once, however many tokens it has. Unit: ms; p95 and p99 unless others are named. OTel:
     * <code>gen_ai.server.time_per_output_token</code>.
     */
    public static final DurationMetric TPOT = new DurationMetric(
            new Definition(
                    "tpot",
                    "Time per output token",
                    "mean",
                    "ms",
                    "(latency - ttft) / (output tokens - 1) of each request with two or more output tokens, where all are measured and streamed is not false",
                    MEAN_RULE,
                    Additivity.NONE,
                    OTEL + "gen_ai.server.time_per_output_token; aiperf: inter_token_latency"),
            new Sample(Terms.TPOT, binary(Terms.TPOT, AT_LEAST, number(0)), Kind.REAL, MICROS_PER_MILLI),
            0.95,
            0.99);

    /**
     * Output speed that a user sees: (output tokens - 1) / (latency - time to first token) of a request, where its
     * {@link #TPOT} is measured and not zero. Unit: tokens/s; p95 and p99 unless others are named. aiperf:
     * <code>output_token_throughput_per_user</code>.
     */
    public static final SpeedMetric OUTPUT_SPEED = new SpeedMetric(
            new Definition(
                    "output_speed",
                    "Output speed per user",
                    "mean",
                    "tokens/s",
                    "(output tokens - 1) / (latency - ttft) of each request, where its time per output token is measured and above 0",
                    MEAN_RULE,
                    Additivity.NONE,
                    "aiperf: output_token_throughput_per_user"),
            new Sample(
                    binary(number(1_000_000), DIVIDE, Terms.TPOT), binary(Terms.TPOT, ABOVE, number(0)), Kind.REAL, 1),
            0.95,
            0.99);

    /**
     * End-to-end latency. Unit: ms; p95 and p99 unless others are named. OTel:
     * <code>gen_ai.server.request.duration</code>.
     */
    public static final DurationMetric LATENCY = new DurationMetric(
            new Definition(
                    "latency",
                    "End-to-end latency",
                    "mean",
                    "ms",
                    "response time, where it was measured",
                    MEAN_RULE,
                    Additivity.NONE,
                    OTEL + "gen_ai.server.request.duration; vLLM: e2e_request_latency_seconds"),
            new Sample(Terms.LATENCY, Terms.LATENCY_MEASURED, Kind.WHOLE, MICROS_PER_MILLI),
            0.95,
            0.99);

    // Throughput

    /**
     * Generation throughput: output tokens per second of latency, a ratio of sums over the requests where both are
     * known. Unit: tokens/s. Not to be confused with {@link #SYSTEM_THROUGHPUT}.
     */
    public static final Metric<Throughput> THROUGHPUT = new Catalogued<>(
            new Definition(
                            "throughput",
                            "Generation throughput",
                            "tokens per second",
                            "tokens/s",
                            "sum(output tokens) / sum(latency), where both are known",
                            "absent where both are known of no request, and undefined where the latencies sum to 0",
                            Additivity.NONE,
                            NO_STANDARD)
                    .ranked(Definition.Scale.of("0.000001")),
            List.of(
                    Aggregate.of("throughput_measured", call(COUNT_IF, OUTPUT_KNOWN)),
                    Aggregate.of("throughput_tokens", call(SUM_IF, Terms.OUTPUT_TOKENS, OUTPUT_KNOWN)),
                    Aggregate.of("throughput_time", call(SUM_IF, Terms.LATENCY, OUTPUT_KNOWN))),
            binary(
                    call(SUM_IF, Terms.OUTPUT_TOKENS, OUTPUT_KNOWN),
                    DIVIDE,
                    // tokens in no time are undefined, not infinitely fast
                    call(NULL_IF, call(SUM_IF, Terms.LATENCY, OUTPUT_KNOWN), number(0))),
            measures -> {
                long time = measures.longAt(2);
                OptionalDouble rate = time == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.longAt(1) * MICROS_PER_SECOND / time);
                return new Throughput(rate, measures.longAt(0), measures.requests());
            },
            Metrics::throughput);

    /**
     * System throughput: the output tokens of the requests that arrived, per second of the covered part of the bucket.
     * Unit: tokens/s. perf_analyzer and aiperf: <code>output_token_throughput</code>.
     */
    public static final Metric<Throughput> SYSTEM_THROUGHPUT = new Catalogued<>(
            new Definition(
                            "system_throughput",
                            "System throughput",
                            "tokens per second",
                            "tokens/s",
                            "sum(output tokens) of the requests that arrived / covered seconds of the bucket",
                            SUM_RULE,
                            Additivity.GROUPS,
                            "NVIDIA perf_analyzer and aiperf: output_token_throughput")
                    .ranked(Definition.Scale.PER_SECOND),
            OUTPUT_TOKENS.aggregates(),
            OUTPUT_TOKENS.ranking(),
            measures -> {
                boolean unknown = knownOfNone(measures, 0);
                return new Throughput(
                        unknown
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(measures.longAt(1) / measures.coveredSeconds()),
                        measures.longAt(0),
                        measures.requests());
            },
            Metrics::throughput);

    // Cache

    /** Response-cache hits, their ratio to the requests where it is known, and their mean latency. Headline: ratio. */
    public static final Metric<CacheUse> CACHE = new Catalogued<>(
            new Definition(
                    "cache",
                    "Response-cache hit ratio",
                    "ratio",
                    "ratio",
                    "count where cached / count where cached is known",
                    "absent where it is known of no request",
                    Additivity.NONE,
                    "Helicone: cache hits over hits and misses"),
            List.of(CACHE_KNOWN, HITS, HITS_MEASURED, HITS_TIME),
            binary(call(COUNT_IF, Terms.CACHED), DIVIDE, call(NULL_IF, call(COUNT, Terms.CACHED), number(0))),
            measures -> {
                long measured = measures.longAt(2);
                OptionalDouble latency = measured == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.longAt(3) / MICROS_PER_MILLI / measured);
                return new CacheUse(measures.longAt(1), measures.longAt(0), measures.requests(), latency);
            },
            (fields, requests) -> new CacheUse(
                    Fields.wholeOrZero(fields, "hit_count"),
                    Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                    requests,
                    Fields.optional(fields, "avg_latency_ms")));

    /**
     * Time that the response cache saved, estimated: each hit is taken to have saved the mean latency of the misses of
     * the same cell, less its own. Unit: ms. Hits and misses that differ in kind bias it; group by what tells them apart.
     */
    public static final Metric<LatencySaved> CACHE_LATENCY_SAVED = new Catalogued<>(
            new Definition(
                            "cache_latency_saved",
                            "Latency saved by the response cache",
                            "total",
                            "ms",
                            "measured hits x mean latency of the misses of the same cell - sum of the latency of the hits; an estimate",
                            "0 where nothing arrived or nothing was hit; absent where it is known of no request, or no hit or no miss was measured",
                            Additivity.NONE,
                            "Helicone: latency saved, which knows the latency of the answer that was cached")
                    .ranked(Definition.Scale.of("1000")),
            List.of(
                    CACHE_KNOWN,
                    HITS,
                    HITS_MEASURED,
                    HITS_TIME,
                    Aggregate.of("cache_misses_measured", call(COUNT_IF, Terms.MISS_MEASURED)),
                    Aggregate.of("cache_misses_time", call(SUM_IF, Terms.LATENCY, Terms.MISS_MEASURED))),
            savedRanking(),
            Metrics::latencySaved,
            (fields, requests) -> new LatencySaved(
                    Fields.optional(fields, "total_ms"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests));

    /**
     * Input tokens read from the prompt cache over input tokens, of providers whose input tokens include the cached ones
     * (OpenAI, Gemini, OTel). Headline: ratio.
     */
    public static final Metric<TokenShare> PROMPT_CACHE = promptCache(
            new Definition(
                    "prompt_cache",
                    "Prompt-cache ratio, cached tokens included",
                    "ratio",
                    "ratio",
                    "sum(cache_read_tokens) / sum(input_tokens), where both are known and not more was read than there is",
                    "absent where both are known of no request, and undefined where there are no tokens",
                    Additivity.NONE,
                    OTEL + "gen_ai.usage.cache_read.input_tokens / gen_ai.usage.input_tokens"),
            Expr.all(
                    call(IS_NOT_NULL, Terms.INPUT_TOKENS),
                    call(IS_NOT_NULL, Terms.column(InferenceFact.CACHE_READ_TOKENS)),
                    // of a provider with the other convention
                    binary(Terms.column(InferenceFact.CACHE_READ_TOKENS), AT_MOST, Terms.INPUT_TOKENS)),
            Terms.INPUT_TOKENS);

    /**
     * Input tokens read from the prompt cache over all input tokens, of providers whose input tokens exclude the cached
     * ones (Anthropic), so that those read and written are added. Headline: ratio.
     */
    public static final Metric<TokenShare> PROMPT_CACHE_EXCLUDED = promptCache(
            new Definition(
                    "prompt_cache_excluded",
                    "Prompt-cache ratio, cached tokens excluded",
                    "ratio",
                    "ratio",
                    "sum(cache_read_tokens) / sum(input_tokens + cache_read_tokens + cache_write_tokens), where the first two are known; a write that is not known adds 0",
                    "absent where both are known of no request, and undefined where there are no tokens",
                    Additivity.NONE,
                    "Anthropic: cache_read_input_tokens beside input_tokens"),
            Expr.all(
                    call(IS_NOT_NULL, Terms.INPUT_TOKENS),
                    call(IS_NOT_NULL, Terms.column(InferenceFact.CACHE_READ_TOKENS))),
            binary(
                    binary(Terms.INPUT_TOKENS, PLUS, Terms.column(InferenceFact.CACHE_READ_TOKENS)),
                    PLUS,
                    call(IF_NULL, Terms.column(InferenceFact.CACHE_WRITE_TOKENS), number(0))));

    // Cost

    /** Sum of the billed prices, decimal from the column to {@link BigDecimal}, with its coverage. Unit: currency. */
    public static final Metric<Cost> COST = new Catalogued<>(
            new Definition(
                            "cost",
                            "Cost",
                            "total",
                            "currency",
                            "sum(cost) over the requests that have one; coverage is their share of all requests",
                            SUM_RULE,
                            Additivity.BUCKETS_AND_GROUPS,
                            NO_STANDARD)
                    .of(Kind.AMOUNT),
            List.of(
                    Aggregate.of("cost_known", call(COUNT, Terms.COST)),
                    Aggregate.of("cost_sum", call(SUM, Terms.COST))),
            call(SUM, Terms.COST),
            measures -> new Cost(measures.decimalAt(1), measures.longAt(0), measures.requests()),
            (fields, requests) -> {
                BigDecimal total = fields.get("total");
                return new Cost(
                        total == null ? BigDecimal.ZERO : total,
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests);
            });

    /** Cost of a request that has a price. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_REQUEST = unitCost(
            new Definition(
                    "cost_per_request",
                    "Cost per request",
                    "value",
                    "currency",
                    "sum(cost) / count of the requests that have a cost; coverage is their share of all requests",
                    "absent where no request has a cost",
                    Additivity.NONE,
                    NO_STANDARD),
            1,
            COST.aggregates().get(0),
            COST.aggregates().get(1),
            COST.aggregates().get(0));

    /**
     * Cost of all requests that have a price and a known outcome over those of them that succeeded: what failed is paid
     * by what succeeded. Unit: currency.
     */
    public static final Metric<UnitCost> COST_PER_SUCCESS = unitCost(
            new Definition(
                    "cost_per_success",
                    "Cost per successful request",
                    "value",
                    "currency",
                    "sum(cost) / count where is_success, over the requests where both are known; coverage is their share of all requests",
                    "absent where both are known of no request, and undefined where none succeeded",
                    Additivity.NONE,
                    NO_STANDARD),
            1,
            Aggregate.of("cost_outcome_known", call(COUNT_IF, PRICED_OUTCOME)),
            Aggregate.of("cost_outcome_sum", call(SUM_IF, Terms.COST, PRICED_OUTCOME)),
            Aggregate.of("cost_success_count", call(COUNT_IF, binary(Terms.PRICED, AND, Terms.IS_SUCCESS))));

    /** Cost of 1,000 tokens, input and output, over the requests that have a price and tokens. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_1000_TOKENS =
            costPerTokens("cost_per_1000_tokens", "Cost per 1,000 tokens", 1000);

    /** Cost of a million tokens, input and output, over the requests that have a price and tokens. Unit: currency. */
    public static final Metric<UnitCost> COST_PER_MILLION_TOKENS =
            costPerTokens("cost_per_million_tokens", "Cost per million tokens", 1_000_000);

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
    public static Metric<Goodput> goodput(ServiceLevel level) {
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
     * @throws BudMetricsException INVALID_QUERY for a target outside its range
     */
    public static Metric<Apdex> apdex(DurationMetric duration, Duration target) {
        return ServiceLevelMetrics.apdex(duration, target, 0);
    }

    /**
     * One metric over another, on their headline values: a ratio of what each is of the whole cell. The value is absent
     * where either is absent, and undefined where the second is 0.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
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
     * One metric over so many of another, such as cost over a million output tokens.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
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
        return DerivedMetric.of(name, DerivedMetric.Operation.RATIO, left, right, per);
    }

    /**
     * Two metrics added up, on their headline values. The value is absent where either is absent.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
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
        return DerivedMetric.of(name, DerivedMetric.Operation.SUM, left, right, 1);
    }

    /**
     * One metric less another, on their headline values. The value is absent where either is absent.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
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
        return DerivedMetric.of(name, DerivedMetric.Operation.DIFFERENCE, left, right, 1);
    }

    /**
     * Requests of which a condition holds, and their ratio to all. Unit: requests; ratio 0 to 1. A condition is true or false
     * of every request, so the count is known of all: 0 where nothing arrived.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY for another name
     */
    public static Metric<Share> requestsWhere(String name, Filter condition) {
        return CustomMetrics.requestsWhere(name, condition, 0);
    }

    /**
     * Mean, extremes and any percentiles of a quantity, over the requests where it was measured. Unit: that of the quantity,
     * durations in ms; no percentiles unless named. Amounts are summed as decimals; their extremes and percentiles are
     * floating-point numbers.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
     * @param quantity such as <code>RESPONSE_SIZE</code>; no degrees
     * @return the metric; durations rank smallest first
     * @throws BudMetricsException INVALID_QUERY for another name, and for degrees, whose mean is no place
     */
    public static QuantityMetric distribution(String name, Quantity<?> quantity) {
        return CustomMetrics.distribution(name, quantity, Optional.empty());
    }

    /**
     * Mean, extremes and any percentiles of a quantity, over the requests of which a condition holds too.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
     * @param quantity such as <code>RESPONSE_SIZE</code>; no degrees
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric; see {@link #distribution(String, Quantity)}
     * @throws BudMetricsException INVALID_QUERY for another name, and for degrees, whose mean is no place
     */
    public static QuantityMetric distribution(String name, Quantity<?> quantity, Filter condition) {
        Objects.requireNonNull(condition, "condition is null");
        return CustomMetrics.distribution(name, quantity, Optional.of(condition));
    }

    /**
     * The sum of a quantity over the requests where it was measured, without rounding. Unit: that of the quantity, durations in
     * ms.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
     * @param quantity such as <code>RESPONSE_SIZE</code>; no degrees and no time per token
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY for another name, and for what cannot be added up
     */
    public static Metric<QuantityTotal> total(String name, Quantity<?> quantity) {
        return CustomMetrics.total(name, quantity, Optional.empty());
    }

    /**
     * The sum of a quantity over the requests where it was measured and of which a condition holds.
     *
     * @param name of the custom metric: lower-case letters, digits and underscores, a letter first; at most 60, and no name of the
     *     catalogue
     * @param quantity such as <code>RESPONSE_SIZE</code>; no degrees and no time per token
     * @param condition a filter, such as <code>COUNTRY.is("DE")</code>
     * @return the metric; see {@link #total(String, Quantity)}
     * @throws BudMetricsException INVALID_QUERY for another name, and for what cannot be added up
     */
    public static Metric<QuantityTotal> total(String name, Quantity<?> quantity, Filter condition) {
        Objects.requireNonNull(condition, "condition is null");
        return CustomMetrics.total(name, quantity, Optional.of(condition));
    }

    /** A name that is not the catalogue's. */
    static void requireCustomName(String name) {
        Objects.requireNonNull(name, "name is null");
        if (!OWN_NAME.matcher(name).matches()) {
            throw BudMetricsException.invalidQuery("name of a custom metric has " + name.length()
                    + " characters and is not an identifier; give 1 to 60 lower-case letters, digits and underscores, a"
                    + " letter first");
        }
        if (BY_NAME.containsKey(name)) {
            throw BudMetricsException.invalidQuery(
                    "name of a custom metric is " + name + ", which the catalogue has; give another name");
        }
    }

    /**
     * The catalogue without what has to be given limits.
     *
     * @return every metric, in the order of the documentation
     */
    public static List<Metric<?>> all() {
        return List.copyOf(BY_NAME.values());
    }

    /**
     * A metric of the catalogue.
     *
     * @param name its name
     * @return the metric
     * @throws BudMetricsException INVALID_QUERY when there is none of this name
     */
    public static Metric<?> named(String name) {
        Objects.requireNonNull(name, "name is null");
        Metric<?> metric = BY_NAME.get(name);
        if (metric == null) {
            throw BudMetricsException.invalidQuery("metrics: no metric has the given name; there are "
                    + BY_NAME.keySet() + ", and with parameters [goodput, slo_attainment, apdex]");
        }
        return metric;
    }

    /**
     * A metric of the catalogue that was given something; custom metrics are read with their question.
     *
     * @param name its name
     * @param parameters what {@link Metric#parameters()} said
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
                    case "unique_users" -> given.flag("estimated") ? UNIQUE_USERS.estimated() : UNIQUE_USERS;
                    default -> named(kind);
                };
        OptionalLong minimum = given.whole(Metric.MINIMUM_SAMPLE);
        if (minimum.isPresent()) {
            metric = metric.withMinimumSample(minimum.getAsLong());
        }
        OptionalLong confidence = given.whole(DistributionMetric.CONFIDENCE);
        if (confidence.isPresent()) {
            if (!(metric instanceof DistributionMetric<?> distribution)) {
                throw given.wrong(DistributionMetric.CONFIDENCE, "it of durations and speeds, which have percentiles");
            }
            metric = distribution.withIntervals(Confidence.ofPercent(confidence.getAsLong()));
        }
        if (!metric.name().equals(name)) {
            throw BudMetricsException.invalidQuery("parameters describe " + metric.name()
                    + " under another name; use this one in metrics and in parameters");
        }
        return metric;
    }

    private static Metric<Apdex> apdex(Parameters given) {
        if (!(named(given.text("of").orElse("")) instanceof DurationMetric duration)) {
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

    private static Metric<Share> share(Definition definition, Aggregate matches, Aggregate known, Expr match) {
        return share(definition, matches, known, match, 0);
    }

    private static Metric<Share> share(
            Definition definition, Aggregate matches, Aggregate known, Expr match, long minimum) {
        return new Catalogued<>(
                definition.of(Kind.WHOLE),
                List.of(matches, known),
                // a count is 0 where nothing is known, and a sum is null: unknown ranks last
                call(SUM, match),
                Catalogued.Reader.of(
                        measures -> new Share(measures.longAt(0), measures.longAt(1), measures.requests(), minimum),
                        measures -> knownOfNone(measures, 1) ? Double.NaN : measures.longAt(0)),
                (fields, requests) -> new Share(
                        Fields.wholeOrZero(fields, "count"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        minimum),
                Metric.minimumParameters(definition.name(), minimum),
                newMinimum -> share(definition, matches, known, match, newMinimum));
    }

    private static Metric<TokenTotal> tokens(Definition definition, Column column) {
        Expr tokens = Terms.column(column);
        return new Catalogued<>(
                definition.of(Kind.WHOLE),
                List.of(
                        Aggregate.of(definition.name() + "_known", call(COUNT, tokens)),
                        Aggregate.of(definition.name() + "_sum", call(SUM, tokens))),
                call(SUM, tokens),
                READ_TOKENS,
                Metrics::tokenTotal);
    }

    /** Whether requests arrived, and what is counted is known of none. */
    private static boolean knownOfNone(Measures measures, int known) {
        return measures.longAt(known) == 0 && measures.requests() > 0;
    }

    private static TokenTotal tokenTotal(Measures measures) {
        return new TokenTotal(measures.longAt(1), measures.longAt(0), measures.requests());
    }

    private static TokenTotal tokenTotal(Map<String, @Nullable BigDecimal> fields, long requests) {
        return new TokenTotal(
                Fields.wholeOrZero(fields, "count"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests);
    }

    private static Throughput throughput(Map<String, @Nullable BigDecimal> fields, long requests) {
        return new Throughput(Fields.optional(fields, "avg"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests);
    }

    /** The headline of what runs; a group without any latency ranks last. */
    private static Expr ofRunning(Expr headline) {
        return call(
                IF,
                binary(LATENCY_MEASURED.expression(), EQUAL, number(0)),
                nothing(),
                call(IF_NULL, headline, number(0)));
    }

    private static boolean unknownWhatRuns(Measures measures) {
        return measures.isAbsent(1) && measures.requests() > 0 && measures.longAt(0) == 0;
    }

    private static Expr savedRanking() {
        Expr hits = call(COUNT_IF, Terms.HIT_MEASURED);
        Expr misses = call(COUNT_IF, Terms.MISS_MEASURED);
        Expr meanMiss =
                binary(call(SUM_IF, Terms.LATENCY, Terms.MISS_MEASURED), DIVIDE, call(NULL_IF, misses, number(0)));
        Expr saved = binary(binary(hits, MULTIPLY, meanMiss), MINUS, HITS_TIME.expression());
        return call(
                IF,
                binary(call(COUNT, Terms.CACHED), EQUAL, number(0)),
                nothing(),
                // without a hit or a miss that was measured the sums are null
                call(IF, binary(HITS.expression(), EQUAL, number(0)), number(0), saved));
    }

    private static LatencySaved latencySaved(Measures measures) {
        long known = measures.longAt(0);
        long hits = measures.longAt(1);
        long hitsMeasured = measures.longAt(2);
        long missesMeasured = measures.longAt(4);
        OptionalDouble saved;
        if (hits == 0) {
            saved = known == 0 && measures.requests() > 0 ? OptionalDouble.empty() : OptionalDouble.of(0);
        } else if (hitsMeasured == 0 || missesMeasured == 0) {
            saved = OptionalDouble.empty();
        } else {
            double meanMiss = (double) measures.longAt(5) / missesMeasured;
            saved = OptionalDouble.of((hitsMeasured * meanMiss - measures.longAt(3)) / MICROS_PER_MILLI);
        }
        return new LatencySaved(saved, known, measures.requests());
    }

    private static Metric<TokenShare> promptCache(Definition definition, Expr condition, Expr allTokens) {
        Expr read = call(SUM_IF, Terms.column(InferenceFact.CACHE_READ_TOKENS), condition);
        Expr total = call(SUM_IF, allTokens, condition);
        String name = definition.name();
        return new Catalogued<>(
                definition,
                List.of(
                        Aggregate.of(name + "_known", call(COUNT_IF, condition)),
                        Aggregate.of(name + "_read", read),
                        Aggregate.of(name + "_tokens", total)),
                binary(read, DIVIDE, call(NULL_IF, total, number(0))),
                measures ->
                        new TokenShare(measures.longAt(1), measures.longAt(2), measures.longAt(0), measures.requests()),
                (fields, requests) -> new TokenShare(
                        Fields.wholeOrZero(fields, "tokens"),
                        Fields.wholeOrZero(fields, "all_tokens"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests));
    }

    private static Metric<UnitCost> costPerTokens(String name, String title, long tokens) {
        Expr condition = binary(Terms.PRICED, AND, Terms.TOKENS_KNOWN);
        return unitCost(
                new Definition(
                        name,
                        title,
                        "value",
                        "currency",
                        tokens
                                + " x sum(cost) / sum(input_tokens + output_tokens), over the requests that have a cost and"
                                + " of which either is known; coverage is their share of all requests",
                        "absent where no request has both, and undefined where there are no tokens",
                        Additivity.NONE,
                        NO_STANDARD),
                tokens,
                Aggregate.of("cost_tokens_known", call(COUNT_IF, condition)),
                Aggregate.of("cost_tokens_sum", call(SUM_IF, Terms.COST, condition)),
                Aggregate.of("cost_tokens", call(SUM_IF, Terms.TOKENS, condition)));
    }

    private static Metric<UnitCost> unitCost(
            Definition definition, long per, Aggregate known, Aggregate sum, Aggregate units) {
        return new Catalogued<>(
                definition
                        .ranked(new Definition.Scale(
                                BigDecimal.ONE.divide(BigDecimal.valueOf(per), 6, RoundingMode.UNNECESSARY), 0))
                        .of(Kind.QUOTIENT),
                List.of(known, sum, units),
                // 48 decimals tell every two costs with 12 apart that are of up to 10^18 units, and keep equal ones
                // equal
                binary(
                        call(TO_DECIMAL_256, sum.expression(), number(48)),
                        DIVIDE,
                        call(NULL_IF, units.expression(), number(0))),
                measures -> new UnitCost(
                        measures.decimalAt(1), measures.longAt(2), per, measures.longAt(0), measures.requests()),
                (fields, requests) -> new UnitCost(
                        Fields.decimalOrZero(fields, "cost"),
                        Fields.wholeOrZero(fields, "units"),
                        per,
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests));
    }
}
