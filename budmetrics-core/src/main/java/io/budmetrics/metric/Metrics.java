package io.budmetrics.metric;

import static io.budmetrics.expr.Expr.Function.COUNT;
import static io.budmetrics.expr.Expr.Function.COUNT_IF;
import static io.budmetrics.expr.Expr.Function.IF_NULL;
import static io.budmetrics.expr.Expr.Function.IS_NOT_NULL;
import static io.budmetrics.expr.Expr.Function.MAX_INTERSECTIONS;
import static io.budmetrics.expr.Expr.Function.NULL_IF;
import static io.budmetrics.expr.Expr.Function.SUM;
import static io.budmetrics.expr.Expr.Function.SUM_IF;
import static io.budmetrics.expr.Expr.Operator.AND;
import static io.budmetrics.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.expr.Expr.Operator.EQUAL;
import static io.budmetrics.expr.Expr.binary;
import static io.budmetrics.expr.Expr.call;
import static io.budmetrics.expr.Expr.number;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.expr.Expr;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The catalogue: every metric that can be asked for. A negative duration counts as not measured. */
public final class Metrics {
    private static final double MICROS_PER_SECOND = 1_000_000;
    private static final double MICROS_PER_MILLI = 1000;

    private static final Expr IS_SUCCESS = column(InferenceFact.IS_SUCCESS);
    private static final Expr CACHED = column(InferenceFact.CACHED);
    private static final Expr OUTPUT_TOKENS = column(InferenceFact.OUTPUT_TOKENS);
    private static final Expr RESPONSE_TIME = column(InferenceFact.RESPONSE_TIME_US);
    private static final Expr RESPONSE_TIME_MEASURED = binary(RESPONSE_TIME, AT_LEAST, number(0));
    private static final Expr TTFT_US = column(InferenceFact.TTFT_US);
    private static final Expr QUEUE_TIME = Expr.name(Layout.QUEUE_TIME_US);
    private static final Expr IS_FAILURE = binary(IS_SUCCESS, EQUAL, number(0));
    private static final Expr HIT_MEASURED = binary(CACHED, AND, RESPONSE_TIME_MEASURED);
    private static final Expr OUTPUT_KNOWN = binary(call(IS_NOT_NULL, OUTPUT_TOKENS), AND, RESPONSE_TIME_MEASURED);
    private static final Aggregate LATENCY_MEASURED =
            Aggregate.of("latency_measured", call(COUNT_IF, RESPONSE_TIME_MEASURED));
    private static final Aggregate SUCCESS_KNOWN = Aggregate.of("success_known", call(COUNT, IS_SUCCESS));

    /** Requests that arrived. Unit: requests. OTel: the count of <code>gen_ai.server.request.duration</code>. */
    public static final Metric<Count> REQUEST_COUNT = new Catalogued<>(
            "request_count",
            "Requests",
            "count of requests that arrived",
            "requests",
            List.of(),
            call(COUNT),
            measures -> new Count(measures.requests()),
            (fields, requests) -> new Count(requests));

    /**
     * Requests that succeeded, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel:
     * those without <code>error.type</code>.
     */
    public static final Metric<Share> SUCCESS_REQUEST = share(
            "success_request",
            "Successful requests",
            "count where is_success; ratio over requests where is_success is known",
            Aggregate.of("success_count", call(COUNT_IF, IS_SUCCESS)),
            SUCCESS_KNOWN,
            IS_SUCCESS);

    /**
     * Requests that failed, and their ratio to those whose outcome is known. Unit: requests; ratio 0 to 1. OTel: those
     * with <code>error.type</code>.
     */
    public static final Metric<Share> FAILURE_REQUEST = share(
            "failure_request",
            "Failed requests",
            "count where not is_success; ratio over requests where is_success is known",
            Aggregate.of("failure_count", call(COUNT_IF, IS_FAILURE)),
            SUCCESS_KNOWN,
            IS_FAILURE);

    /**
     * Time from arrival to forwarding. Unit: ms; no percentiles unless named. vLLM:
     * <code>request_queue_time_seconds</code>, as seen by the gateway.
     */
    public static final DurationMetric QUEUING_TIME = new DurationMetric(
            "queuing_time",
            "Queue time",
            "request_forward_time - request_arrival_time, where both are known",
            QUEUE_TIME,
            binary(QUEUE_TIME, AT_LEAST, number(0)));

    /** Sum of input tokens. Unit: tokens. OTel: <code>gen_ai.usage.input_tokens</code>. */
    public static final Metric<TokenTotal> INPUT_TOKEN =
            tokens("input_token", "Input tokens", InferenceFact.INPUT_TOKENS);

    /** Sum of output tokens. Unit: tokens. OTel: <code>gen_ai.usage.output_tokens</code>. */
    public static final Metric<TokenTotal> OUTPUT_TOKEN =
            tokens("output_token", "Output tokens", InferenceFact.OUTPUT_TOKENS);

    /**
     * Peak of requests in flight, each from arrival to arrival + latency, half-open, with those already running when the
     * period starts. Unit: requests.
     */
    public static final Metric<Concurrency> CONCURRENT_REQUESTS = new Catalogued<>(
            "concurrent_requests",
            "Peak concurrency",
            "greatest number of overlapping [arrival, arrival + latency) at any moment of the period",
            "requests",
            List.of(
                    LATENCY_MEASURED,
                    new Aggregate(
                            "concurrency_peak",
                            call(MAX_INTERSECTIONS, Expr.name("span_start"), Expr.name("span_end")),
                            Aggregate.Population.IN_FLIGHT,
                            false)),
            call(MAX_INTERSECTIONS, Expr.name("span_start"), Expr.name("span_end")),
            measures -> {
                boolean unknown = measures.isAbsent(1) && measures.requests() > 0 && measures.whole(0) == 0;
                return new Concurrency(unknown ? OptionalLong.empty() : OptionalLong.of(measures.whole(1)));
            },
            (fields, requests) -> {
                BigDecimal peak = fields.get("avg");
                return new Concurrency(peak == null ? OptionalLong.empty() : OptionalLong.of(peak.longValueExact()));
            });

    /**
     * Time to first token, where it was measured and the request is not marked as non-streamed. Unit: ms; p95 and p99
     * unless others are named. OTel: <code>gen_ai.server.time_to_first_token</code>.
     */
    public static final DurationMetric TTFT = new DurationMetric(
            "ttft",
            "Time to first token",
            "ttft, where it was measured and streamed is not false",
            TTFT_US,
            binary(binary(TTFT_US, AT_LEAST, number(0)), AND, call(IF_NULL, column(InferenceFact.STREAMED), number(1))),
            0.95,
            0.99);

    /**
     * End-to-end latency. Unit: ms; p95 and p99 unless others are named. OTel:
     * <code>gen_ai.server.request.duration</code>.
     */
    public static final DurationMetric LATENCY = new DurationMetric(
            "latency",
            "End-to-end latency",
            "response time, where it was measured",
            RESPONSE_TIME,
            RESPONSE_TIME_MEASURED,
            0.95,
            0.99);

    /**
     * Output tokens per second of latency: a ratio of sums over the requests where both are known. Unit: tokens/s.
     */
    public static final Metric<Throughput> THROUGHPUT = new Catalogued<>(
            "throughput",
            "Output tokens per second of latency",
            "sum(output tokens) / sum(latency), where both are known",
            "tokens/s",
            List.of(
                    Aggregate.of("throughput_measured", call(COUNT_IF, OUTPUT_KNOWN)),
                    Aggregate.of("throughput_tokens", call(SUM_IF, OUTPUT_TOKENS, OUTPUT_KNOWN)),
                    Aggregate.of("throughput_time", call(SUM_IF, RESPONSE_TIME, OUTPUT_KNOWN))),
            binary(
                    call(SUM_IF, OUTPUT_TOKENS, OUTPUT_KNOWN),
                    DIVIDE,
                    // tokens in no time are undefined, not infinitely fast
                    call(NULL_IF, call(SUM_IF, RESPONSE_TIME, OUTPUT_KNOWN), number(0))),
            measures -> {
                long time = measures.whole(2);
                OptionalDouble rate = time == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.whole(1) * MICROS_PER_SECOND / time);
                return new Throughput(rate, measures.whole(0), measures.requests());
            },
            (fields, requests) -> new Throughput(
                    Fields.optional(fields, "avg"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests));

    /** Response-cache hits, their ratio to the requests where it is known, and their mean latency. Headline: ratio. */
    public static final Metric<CacheUse> CACHE = new Catalogued<>(
            "cache",
            "Response-cache hit ratio",
            "count where cached / count where cached is known",
            "ratio",
            List.of(
                    Aggregate.of("cache_known", call(COUNT, CACHED)),
                    Aggregate.of("cache_hits", call(COUNT_IF, CACHED)),
                    Aggregate.of("cache_hits_measured", call(COUNT_IF, HIT_MEASURED)),
                    Aggregate.of("cache_hits_time", call(SUM_IF, RESPONSE_TIME, HIT_MEASURED))),
            binary(call(COUNT_IF, CACHED), DIVIDE, call(COUNT, CACHED)),
            measures -> {
                long measured = measures.whole(2);
                OptionalDouble latency = measured == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.whole(3) / MICROS_PER_MILLI / measured);
                return new CacheUse(measures.whole(1), measures.whole(0), measures.requests(), latency);
            },
            (fields, requests) -> new CacheUse(
                    Fields.wholeOrZero(fields, "hit_count"),
                    Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                    requests,
                    Fields.optional(fields, "avg_latency_ms")));

    /** Sum of the billed prices, decimal from the column to {@link BigDecimal}, with its coverage. Unit: currency. */
    public static final Metric<Cost> COST = new Catalogued<>(
            "cost",
            "Cost",
            "sum(cost) over the requests that have one; coverage is their share of all requests",
            "currency",
            List.of(
                    Aggregate.of("cost_known", call(COUNT, column(InferenceFact.COST))),
                    Aggregate.of("cost_sum", call(SUM, column(InferenceFact.COST)))),
            call(SUM, column(InferenceFact.COST)),
            measures -> new Cost(measures.decimal(1).setScale(12), measures.whole(0), measures.requests()),
            (fields, requests) -> {
                BigDecimal total = fields.get("total");
                return new Cost(
                        (total == null ? BigDecimal.ZERO : total).setScale(12),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests);
            });

    private static final Map<String, Metric<?>> BY_NAME = byName(
            REQUEST_COUNT,
            SUCCESS_REQUEST,
            FAILURE_REQUEST,
            QUEUING_TIME,
            INPUT_TOKEN,
            OUTPUT_TOKEN,
            CONCURRENT_REQUESTS,
            TTFT,
            LATENCY,
            THROUGHPUT,
            CACHE,
            COST);

    private Metrics() {}

    /**
     * The whole catalogue.
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
        Metric<?> metric = BY_NAME.get(name);
        if (metric == null) {
            throw BudMetricsException.invalidQuery(
                    "metrics: no metric has the given name; there are " + BY_NAME.keySet());
        }
        return metric;
    }

    private static Map<String, Metric<?>> byName(Metric<?>... metrics) {
        Map<String, Metric<?>> byName = new LinkedHashMap<>();
        for (Metric<?> metric : metrics) {
            byName.put(metric.name(), metric);
        }
        return byName;
    }

    private static Expr column(Column column) {
        return Expr.name(column.name());
    }

    private static Metric<Share> share(
            String name, String title, String formula, Aggregate matches, Aggregate known, Expr match) {
        return new Catalogued<>(
                name,
                title,
                formula,
                "requests",
                List.of(matches, known),
                // a count is 0 where nothing is known, and a sum is null: unknown ranks last
                call(SUM, match),
                measures -> new Share(measures.whole(0), measures.whole(1), measures.requests()),
                (fields, requests) -> new Share(
                        Fields.wholeOrZero(fields, "count"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests));
    }

    private static Metric<TokenTotal> tokens(String name, String title, Column column) {
        Expr tokens = column(column);
        return new Catalogued<>(
                name,
                title,
                "sum(" + column.name() + ") over the requests where it is known",
                "tokens",
                List.of(
                        Aggregate.of(name + "_known", call(COUNT, tokens)),
                        Aggregate.of(name + "_sum", call(SUM, tokens))),
                call(SUM, tokens),
                measures -> new TokenTotal(measures.whole(1), measures.whole(0), measures.requests()),
                (fields, requests) -> new TokenTotal(
                        Fields.wholeOrZero(fields, "count"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests));
    }

    /** A metric whose value is read by a function; ranked largest first. */
    private static final class Catalogued<V extends MetricValue> extends Metric<V> {
        private final Function<Measures, V> reader;
        private final BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser;

        Catalogued(
                String name,
                String title,
                String formula,
                String unit,
                List<Aggregate> aggregates,
                Expr ranking,
                Function<Measures, V> reader,
                BiFunction<Map<String, @Nullable BigDecimal>, Long, V> parser) {
            super(name, title, unit, formula, aggregates, ranking, false);
            this.reader = reader;
            this.parser = parser;
        }

        @Override
        public V read(Measures measures) {
            return reader.apply(measures);
        }

        @Override
        public V parse(Map<String, @Nullable BigDecimal> fields, long requests) {
            return parser.apply(fields, requests);
        }
    }
}
