package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.COUNT_IF;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM;
import static io.budmetrics.internal.expr.SqlFunction.SUM_IF;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Sums of tokens, and tokens per second. */
final class TokenMetrics {
    private static final Expr OUTPUT_KNOWN =
            binary(call(IS_NOT_NULL, Terms.OUTPUT_TOKENS), AND, Terms.LATENCY_MEASURED);

    private static final Catalogued.Reader<TokenTotal> READ_TOKENS = Catalogued.Reader.of(
            TokenMetrics::tokenTotal,
            measures -> Catalogued.knownOfNone(measures, 0) ? Double.NaN : measures.longAt(1));

    static final Metric<TokenTotal> INPUT_TOKENS = tokens(
            new Definition(
                    "input_token",
                    "Input tokens",
                    "total",
                    "tokens",
                    "sum(input_tokens) over the requests where it is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    Rules.OTEL + "gen_ai.usage.input_tokens"),
            InferenceFact.INPUT_TOKENS);

    static final Metric<TokenTotal> OUTPUT_TOKENS = tokens(
            new Definition(
                    "output_token",
                    "Output tokens",
                    "total",
                    "tokens",
                    "sum(output_tokens) over the requests where it is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    Rules.OTEL + "gen_ai.usage.output_tokens"),
            InferenceFact.OUTPUT_TOKENS);

    static final Metric<TokenTotal> TOTAL_TOKENS = new Catalogued<>(
            new Definition(
                            "total_token",
                            "Total tokens",
                            "total",
                            "tokens",
                            "sum(input_tokens + output_tokens) over the requests where either is known; one that is unknown adds 0",
                            Rules.SUM_RULE,
                            Additivity.BUCKETS_AND_GROUPS,
                            "vLLM benchmark: total tokens")
                    .of(Kind.WHOLE),
            List.of(
                    Aggregate.countIf("total_token_known", Terms.TOKENS_KNOWN),
                    Aggregate.of("total_token_sum", Fold.SUM, Terms.TOKENS)),
            call(IF, binary(call(COUNT_IF, Terms.TOKENS_KNOWN), EQUAL, number(0)), nothing(), call(SUM, Terms.TOKENS)),
            READ_TOKENS,
            TokenMetrics::tokenTotal);

    static final Metric<TokenTotal> REASONING_TOKENS = tokens(
            new Definition(
                    "reasoning_token",
                    "Reasoning tokens",
                    "total",
                    "tokens",
                    "sum(reasoning_tokens) over the requests where it is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "aiperf: reasoning tokens"),
            InferenceFact.REASONING_TOKENS);

    static final Metric<Rate> THROUGHPUT = new Catalogued<>(
            new Definition(
                            "throughput",
                            "Generation throughput",
                            "tokens per second",
                            "tokens/s",
                            "sum(output tokens) / sum(latency), where both are known",
                            "absent if no request has both values, and undefined if the latencies sum to 0",
                            Additivity.NONE,
                            Rules.NO_STANDARD)
                    .ranked(Definition.Scale.of("0.000001")),
            List.of(
                    Aggregate.countIf("throughput_measured", OUTPUT_KNOWN),
                    Aggregate.where("throughput_tokens", Fold.SUM, Terms.OUTPUT_TOKENS, OUTPUT_KNOWN),
                    Aggregate.where("throughput_time", Fold.SUM, Terms.LATENCY, OUTPUT_KNOWN)),
            binary(
                    call(SUM_IF, Terms.OUTPUT_TOKENS, OUTPUT_KNOWN),
                    DIVIDE,
                    // tokens in no time are undefined, not infinitely fast
                    call(NULL_IF, call(SUM_IF, Terms.LATENCY, OUTPUT_KNOWN), number(0))),
            measures -> {
                long time = measures.longAt(2);
                OptionalDouble rate = time == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.longAt(1) * Terms.MICROS_PER_SECOND / time);
                return Rate.ofTokens(rate, measures.longAt(0), measures.requests());
            },
            TokenMetrics::throughput);

    static final Metric<Rate> SYSTEM_THROUGHPUT = new Catalogued<>(
            new Definition(
                            "system_throughput",
                            "System throughput",
                            "tokens per second",
                            "tokens/s",
                            "sum(output tokens) of the requests that arrived / covered seconds of the bucket",
                            Rules.SUM_RULE,
                            Additivity.GROUPS,
                            "NVIDIA perf_analyzer and aiperf: output_token_throughput")
                    .ranked(Definition.Scale.PER_SECOND),
            OUTPUT_TOKENS.aggregates(),
            OUTPUT_TOKENS.ranking(),
            measures -> {
                boolean unknown = Catalogued.knownOfNone(measures, 0);
                return Rate.ofTokens(
                        unknown
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(measures.longAt(1) / measures.coveredSeconds()),
                        measures.longAt(0),
                        measures.requests());
            },
            TokenMetrics::throughput);

    private TokenMetrics() {}

    private static Metric<TokenTotal> tokens(Definition definition, Column column) {
        Expr tokens = Terms.column(column);
        return new Catalogued<>(
                definition.of(Kind.WHOLE),
                List.of(
                        Aggregate.of(definition.name() + "_known", Fold.COUNT, tokens),
                        Aggregate.of(definition.name() + "_sum", Fold.SUM, tokens)),
                call(SUM, tokens),
                READ_TOKENS,
                TokenMetrics::tokenTotal);
    }

    private static TokenTotal tokenTotal(Measures measures) {
        return new TokenTotal(measures.longAt(1), measures.longAt(0), measures.requests());
    }

    private static TokenTotal tokenTotal(Map<String, @Nullable BigDecimal> fields, long requests) {
        return new TokenTotal(
                Fields.wholeOrZero(fields, "count"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests);
    }

    private static Rate throughput(Map<String, @Nullable BigDecimal> fields, long requests) {
        return Rate.ofTokens(Fields.optional(fields, "avg"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests);
    }
}
