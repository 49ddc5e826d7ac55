package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.ABOVE;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.Operator.MINUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.IF_NULL;
import static io.budmetrics.internal.expr.SqlFunction.MAX_INTERSECTIONS_IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM_IF;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Metric.Additivity;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How many requests are in flight. A request runs from its arrival to arrival + latency; {@link Aggregate#SPAN_START} and
 * {@link Aggregate#SPAN_END} are that span, cut to a bucket.
 */
final class ConcurrencyMetrics {
    private static final Aggregate LATENCY_MEASURED = Aggregate.countIf("latency_measured", Terms.LATENCY_MEASURED);

    private static final Expr SPAN_START = Expr.name(Aggregate.SPAN_START);

    private static final Expr SPAN_END = Expr.name(Aggregate.SPAN_END);

    private static final Expr RAN = binary(Terms.LATENCY, ABOVE, number(0));

    static final Metric<Concurrency> CONCURRENT_REQUESTS = new Catalogued<>(
            new Definition(
                            "concurrent_requests",
                            "Peak concurrency",
                            "peak",
                            "requests",
                            "greatest number of overlapping [arrival, arrival + latency) at any moment of the covered part of the bucket, with what was already running within the look-back of the question",
                            "0 if nothing ran; absent if requests arrived but no latency is known",
                            Additivity.NONE,
                            "vLLM: num_requests_running, exact instead of sampled")
                    .of(Kind.WHOLE),
            List.of(
                    LATENCY_MEASURED,
                    Aggregate.running("concurrency_peak", Fold.MAX_INTERSECTIONS, SPAN_START, SPAN_END)),
            ofRunning(call(MAX_INTERSECTIONS_IF, SPAN_START, SPAN_END, RAN)),
            measures -> new Concurrency(
                    unknownWhatRuns(measures) ? OptionalLong.empty() : OptionalLong.of(measures.longAt(1))),
            (fields, requests) -> {
                BigDecimal peak = fields.get("avg");
                return new Concurrency(peak == null ? OptionalLong.empty() : OptionalLong.of(peak.longValueExact()));
            });

    static final Metric<AverageConcurrency> AVERAGE_CONCURRENCY = new Catalogued<>(
            new Definition(
                            "average_concurrency",
                            "Average concurrency",
                            "average",
                            "requests",
                            "sum of the overlaps of [arrival, arrival + latency) with the covered part of the bucket / covered time, with what was already running within the look-back of the question",
                            "0 if nothing ran; absent if requests arrived but no latency is known",
                            Additivity.GROUPS,
                            "Little's law: L")
                    .ranked(Definition.Scale.OF_TIME),
            List.of(
                    LATENCY_MEASURED,
                    Aggregate.running("concurrency_time", Fold.SUM, binary(SPAN_END, MINUS, SPAN_START))),
            ofRunning(call(SUM_IF, binary(SPAN_END, MINUS, SPAN_START), RAN)),
            measures -> new AverageConcurrency(
                    unknownWhatRuns(measures)
                            ? OptionalDouble.empty()
                            : OptionalDouble.of((double) measures.longAt(1) / measures.coveredMicros())),
            (fields, requests) -> new AverageConcurrency(Fields.optional(fields, "avg")));

    private ConcurrencyMetrics() {}

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
}
