package io.budmetrics.metric;

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
import static io.budmetrics.internal.expr.SqlFunction.COUNT;
import static io.budmetrics.internal.expr.SqlFunction.COUNT_IF;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.IS_NOT_NULL;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM_IF;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.schema.InferenceFact;
import java.util.List;
import java.util.OptionalDouble;

/** What the response cache and the prompt caches of providers do. */
final class CacheMetrics {
    private static final Aggregate CACHE_KNOWN = Aggregate.of("cache_known", Fold.COUNT, Terms.CACHED);

    private static final Aggregate HITS = Aggregate.countIf("cache_hits", Terms.CACHED);

    private static final Aggregate HITS_MEASURED = Aggregate.countIf("cache_hits_measured", Terms.HIT_MEASURED);

    private static final Aggregate HITS_TIME =
            Aggregate.where("cache_hits_time", Fold.SUM, Terms.LATENCY, Terms.HIT_MEASURED);

    static final Metric<CacheUse> CACHE = new Catalogued<>(
            new Definition(
                    "cache",
                    "Response-cache hit ratio",
                    "ratio",
                    "ratio",
                    "count where cached / count where cached is known",
                    "absent if it is known for no request",
                    Additivity.NONE,
                    "Helicone: cache hits over hits and misses"),
            List.of(CACHE_KNOWN, HITS, HITS_MEASURED, HITS_TIME),
            binary(call(COUNT_IF, Terms.CACHED), DIVIDE, call(NULL_IF, call(COUNT, Terms.CACHED), number(0))),
            measures -> {
                long measured = measures.longAt(2);
                OptionalDouble latency = measured == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(measures.longAt(3) / Terms.MICROS_PER_MILLI / measured);
                return new CacheUse(measures.longAt(1), measures.longAt(0), measures.requests(), latency);
            },
            (fields, requests) -> new CacheUse(
                    Fields.wholeOrZero(fields, "hit_count"),
                    Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                    requests,
                    Fields.optional(fields, "avg_latency_ms")));

    static final Metric<QuantityTotal> CACHE_LATENCY_SAVED = new Catalogued<>(
            new Definition(
                            "cache_latency_saved",
                            "Latency saved by the response cache",
                            "total",
                            "ms",
                            "measured hits x mean latency of the misses of the same cell - sum of the latency of the hits; an estimate",
                            "0 if nothing arrived or nothing was hit; absent if it is known for no request, or no hit or no miss was measured",
                            Additivity.NONE,
                            "Helicone: latency saved, which knows the latency of the answer that was cached")
                    .ranked(Definition.Scale.of("1000")),
            List.of(
                    CACHE_KNOWN,
                    HITS,
                    HITS_MEASURED,
                    HITS_TIME,
                    Aggregate.countIf("cache_misses_measured", Terms.MISS_MEASURED),
                    Aggregate.where("cache_misses_time", Fold.SUM, Terms.LATENCY, Terms.MISS_MEASURED)),
            savedRanking(),
            CacheMetrics::latencySaved,
            (fields, requests) -> QuantityTotal.ofTimeSaved(
                    Fields.optional(fields, "total_ms"), Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE), requests));

    static final Metric<TokenShare> PROMPT_CACHE = promptCache(
            new Definition(
                    "prompt_cache",
                    "Prompt-cache ratio, cached tokens included",
                    "ratio",
                    "ratio",
                    "sum(cache_read_tokens) / sum(input_tokens), where both are known and no more tokens were read than there are",
                    "absent if no request has both values, and undefined if there are no tokens",
                    Additivity.NONE,
                    Rules.OTEL + "gen_ai.usage.cache_read.input_tokens / gen_ai.usage.input_tokens"),
            Expr.all(
                    call(IS_NOT_NULL, Terms.INPUT_TOKENS),
                    call(IS_NOT_NULL, Terms.column(InferenceFact.CACHE_READ_TOKENS)),
                    // of a provider with the other convention
                    binary(Terms.column(InferenceFact.CACHE_READ_TOKENS), AT_MOST, Terms.INPUT_TOKENS)),
            Terms.INPUT_TOKENS);

    static final Metric<TokenShare> PROMPT_CACHE_EXCLUDED = promptCache(
            new Definition(
                    "prompt_cache_excluded",
                    "Prompt-cache ratio, cached tokens excluded",
                    "ratio",
                    "ratio",
                    "sum(cache_read_tokens) / sum(input_tokens + cache_read_tokens + cache_write_tokens), where the first two are known; an unknown write adds 0",
                    "absent if no request has both values, and undefined if there are no tokens",
                    Additivity.NONE,
                    "Anthropic: cache_read_input_tokens beside input_tokens"),
            Expr.all(
                    call(IS_NOT_NULL, Terms.INPUT_TOKENS),
                    call(IS_NOT_NULL, Terms.column(InferenceFact.CACHE_READ_TOKENS))),
            binary(
                    binary(Terms.INPUT_TOKENS, PLUS, Terms.column(InferenceFact.CACHE_READ_TOKENS)),
                    PLUS,
                    call(IF_NULL, Terms.column(InferenceFact.CACHE_WRITE_TOKENS), number(0))));

    private CacheMetrics() {}

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

    private static QuantityTotal latencySaved(Measures measures) {
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
            saved = OptionalDouble.of((hitsMeasured * meanMiss - measures.longAt(3)) / Terms.MICROS_PER_MILLI);
        }
        return QuantityTotal.ofTimeSaved(saved, known, measures.requests());
    }

    private static Metric<TokenShare> promptCache(Definition definition, Expr condition, Expr allTokens) {
        String name = definition.name();
        Expr cacheRead = Terms.column(InferenceFact.CACHE_READ_TOKENS);
        Aggregate read = Aggregate.where(name + "_read", Fold.SUM, cacheRead, condition);
        Aggregate total = Aggregate.where(name + "_tokens", Fold.SUM, allTokens, condition);
        return new Catalogued<>(
                definition,
                List.of(Aggregate.countIf(name + "_known", condition), read, total),
                binary(read.expression(), DIVIDE, call(NULL_IF, total.expression(), number(0))),
                measures ->
                        new TokenShare(measures.longAt(1), measures.longAt(2), measures.longAt(0), measures.requests()),
                (fields, requests) -> new TokenShare(
                        Fields.wholeOrZero(fields, "tokens"),
                        Fields.wholeOrZero(fields, "all_tokens"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests));
    }
}
