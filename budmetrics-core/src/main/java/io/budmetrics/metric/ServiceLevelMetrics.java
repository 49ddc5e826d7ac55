package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.ABOVE;
import static io.budmetrics.internal.expr.Expr.Operator.AND;
import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.AT_MOST;
import static io.budmetrics.internal.expr.Expr.Operator.BELOW;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.Operator.OR;
import static io.budmetrics.internal.expr.Expr.Operator.PLUS;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.join;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.NULL_IF;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.schema.InferenceFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics that judge each request by limits. */
final class ServiceLevelMetrics {
    static final String GOODPUT = "goodput";
    static final String ATTAINMENT = "slo_attainment";
    static final String APDEX = "apdex";

    private static final String DENOMINATOR =
            "failed requests are bad, blocked ones are left out, and so is what cannot be judged for lack of a value";

    private ServiceLevelMetrics() {}

    /** How many requests keep the level, and how many are known not to. */
    private record Verdicts(Expr good, Expr bad, List<Aggregate> aggregates) {
        static Verdicts of(ServiceLevel level) {
            List<Expr> kept = population(level.streamedOnly());
            kept.add(level.success() ? Terms.IS_SUCCESS : Terms.NOT_FAILED);
            List<Expr> missed = new ArrayList<>();
            missed.add(Terms.IS_FAILURE);
            level.ttft().ifPresent(limit -> {
                Expr micros = number(Parameters.micros(limit));
                kept.add(binary(Terms.TTFT, AT_LEAST, number(0)));
                kept.add(binary(Terms.TTFT, AT_MOST, micros));
                missed.add(binary(Terms.TTFT, ABOVE, micros));
            });
            level.tpot().ifPresent(limit -> {
                Expr micros = number(Parameters.micros(limit));
                // between fewer than two tokens there is no time
                kept.add(
                        binary(binary(Terms.OUTPUT_TOKENS, BELOW, number(2)), OR, binary(Terms.TPOT, AT_MOST, micros)));
                missed.add(binary(Terms.TPOT, ABOVE, micros));
            });
            level.latency().ifPresent(limit -> {
                Expr micros = number(Parameters.micros(limit));
                kept.add(Terms.LATENCY_MEASURED);
                kept.add(binary(Terms.LATENCY, AT_MOST, micros));
                missed.add(binary(Terms.LATENCY, ABOVE, micros));
            });
            List<Expr> bad = population(level.streamedOnly());
            bad.add(join(OR, missed));
            Aggregate goodOnes = Aggregate.countIf("good_" + level.limits(), join(AND, kept));
            Aggregate badOnes = Aggregate.countIf("bad_" + level.limits(), join(AND, bad));
            return new Verdicts(goodOnes.expression(), badOnes.expression(), List.of(goodOnes, badOnes));
        }
    }

    private static List<Expr> population(boolean streamedOnly) {
        List<Expr> conditions = new ArrayList<>();
        conditions.add(Terms.NOT_BLOCKED);
        if (streamedOnly) {
            conditions.add(Terms.NOT_UNSTREAMED);
        }
        return conditions;
    }

    private static Map<String, Object> parameters(String metric, Map<String, Object> others, long minimum) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("metric", metric);
        parameters.putAll(others);
        if (minimum > 0) {
            parameters.put(Metric.MINIMUM_SAMPLE, minimum);
        }
        return parameters;
    }

    static Metric<Rate> goodput(ServiceLevel level) {
        Verdicts verdicts = Verdicts.of(level);
        return new Catalogued<>(
                new Definition(
                                GOODPUT + "_" + level.key(),
                                "Goodput",
                                "per second",
                                "requests/s",
                                "requests that keep every limit of the service level / covered seconds; " + DENOMINATOR,
                                "0 if nothing arrived; absent if requests arrived but none can be judged",
                                Additivity.GROUPS,
                                "DistServe, NVIDIA perf_analyzer and aiperf: goodput")
                        .ranked(Definition.Scale.PER_SECOND),
                verdicts.aggregates(),
                call(
                        IF,
                        binary(binary(verdicts.good(), PLUS, verdicts.bad()), EQUAL, number(0)),
                        nothing(),
                        verdicts.good()),
                measures -> Rate.ofGoodRequests(
                        measures.longAt(0),
                        measures.longAt(0) + measures.longAt(1),
                        measures.requests(),
                        measures.coveredSeconds()),
                (fields, requests) -> Rate.ofGoodRequests(
                        Fields.wholeOrZero(fields, "good"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        Fields.realOrZero(fields, Fields.COVERED_SECONDS)),
                parameters(GOODPUT, level.parameters(), 0),
                null);
    }

    static Metric<Attainment> attainment(ServiceLevel level, long minimum) {
        Verdicts verdicts = Verdicts.of(level);
        Expr judged = binary(verdicts.good(), PLUS, verdicts.bad());
        return new Catalogued<>(
                new Definition(
                        ATTAINMENT + "_" + level.key(),
                        "SLO attainment",
                        "ratio",
                        "ratio",
                        "requests that keep every limit of the service level / requests that can be judged; "
                                + DENOMINATOR,
                        "absent if no request can be judged",
                        Additivity.NONE,
                        "DistServe: SLO attainment"),
                verdicts.aggregates(),
                Metric.atLeast(judged, minimum, binary(verdicts.good(), DIVIDE, call(NULL_IF, judged, number(0)))),
                measures -> new Attainment(
                        measures.longAt(0), measures.longAt(0) + measures.longAt(1), measures.requests(), minimum),
                (fields, requests) -> new Attainment(
                        Fields.wholeOrZero(fields, "good"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        minimum),
                parameters(ATTAINMENT, level.parameters(), minimum),
                newMinimum -> attainment(level, newMinimum));
    }

    static Metric<Apdex> apdex(DistributionMetric duration, Duration target, long minimum) {
        if (!duration.isDurationOfTheCatalogue()) {
            throw BudMetricsException.invalidQuery(
                    "apdex is of " + duration + "; give a duration of the catalogue, such as ttft");
        }
        Parameters.requireLimit("target", target);
        long micros = Parameters.micros(target);
        String name = APDEX + "_" + duration.name() + "_" + Parameters.text(target);
        List<Aggregate> aggregates = zones(name, duration, micros);
        Expr satisfiedOnes = aggregates.get(0).expression();
        Expr toleratingOnes = aggregates.get(1).expression();
        Expr all = binary(
                binary(satisfiedOnes, PLUS, toleratingOnes),
                PLUS,
                aggregates.get(2).expression());
        return new Catalogued<>(
                new Definition(
                        name,
                        "Apdex of " + duration.name(),
                        "score",
                        "score",
                        "(requests within the target + half of those within four times the target) / requests that can be"
                                + " judged; " + DENOMINATOR,
                        "absent if no request can be judged",
                        Additivity.NONE,
                        "Apdex Alliance: Apdex_T"),
                aggregates,
                Metric.atLeast(
                        all,
                        minimum,
                        binary(
                                binary(satisfiedOnes, PLUS, binary(toleratingOnes, DIVIDE, number(2))),
                                DIVIDE,
                                call(NULL_IF, all, number(0)))),
                measures -> new Apdex(
                        measures.longAt(0),
                        measures.longAt(1),
                        measures.longAt(0) + measures.longAt(1) + measures.longAt(2),
                        measures.requests(),
                        minimum),
                (fields, requests) -> new Apdex(
                        Fields.wholeOrZero(fields, "satisfied"),
                        Fields.wholeOrZero(fields, "tolerating"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        minimum),
                parameters(APDEX, apdexParameters(duration, micros), minimum),
                newMinimum -> apdex(duration, target, newMinimum));
    }

    /** The satisfied, the tolerating and the frustrated. */
    private static List<Aggregate> zones(String name, DistributionMetric duration, long micros) {
        Expr time = duration.sample().number();
        Expr measured = duration.sample().condition();
        boolean streamedOnly = duration.columns().contains(InferenceFact.STREAMED.name());
        // what is measured was streamed where it matters
        List<Expr> kept = population(false);
        kept.add(Terms.NOT_FAILED);
        kept.add(measured);
        List<Expr> satisfied = new ArrayList<>(kept);
        satisfied.add(binary(time, AT_MOST, number(micros)));
        List<Expr> tolerating = new ArrayList<>(kept);
        tolerating.add(binary(time, ABOVE, number(micros)));
        tolerating.add(binary(time, AT_MOST, number(4 * micros)));
        List<Expr> frustrated = population(streamedOnly);
        frustrated.add(binary(Terms.IS_FAILURE, OR, binary(measured, AND, binary(time, ABOVE, number(4 * micros)))));
        return List.of(
                Aggregate.countIf(name + "_satisfied", join(AND, satisfied)),
                Aggregate.countIf(name + "_tolerating", join(AND, tolerating)),
                Aggregate.countIf(name + "_frustrated", join(AND, frustrated)));
    }

    private static Map<String, Object> apdexParameters(DistributionMetric duration, long micros) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("of", duration.name());
        parameters.put("target_us", micros);
        return parameters;
    }
}
