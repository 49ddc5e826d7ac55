package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.EQUAL;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.nothing;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.COUNT;
import static io.budmetrics.internal.expr.SqlFunction.IF;
import static io.budmetrics.internal.expr.SqlFunction.SUM;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.Metric.Additivity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Counts and rates of requests, and how many users sent them. */
final class TrafficMetrics {
    static final String UNIQUE_USERS_NAME = "unique_users";
    static final String ESTIMATED = "estimated";

    private static final Aggregate SUCCESS_KNOWN = Aggregate.of("success_known", Fold.COUNT, Terms.IS_SUCCESS);

    static final Metric<Count> REQUEST_COUNT = new Catalogued<>(
            new Definition(
                            "request_count",
                            "Requests",
                            "count",
                            "requests",
                            "count of requests that arrived",
                            "0 if nothing arrived",
                            Additivity.BUCKETS_AND_GROUPS,
                            Rules.OTEL + "count of gen_ai.server.request.duration; aiperf: request_count")
                    .of(Kind.WHOLE),
            List.of(),
            call(COUNT),
            Catalogued.Reader.of(measures -> new Count(measures.requests()), Measures::requests),
            (fields, requests) -> new Count(requests));

    static final Metric<Rate> REQUEST_RATE = new Catalogued<>(
            new Definition(
                            "request_rate",
                            "Request rate",
                            "per second",
                            "requests/s",
                            "count of requests that arrived / covered seconds of the bucket",
                            "0 if nothing arrived",
                            Additivity.GROUPS,
                            "aiperf: request_throughput, of all requests instead of the successful ones")
                    .ranked(Definition.Scale.PER_SECOND),
            List.of(),
            call(COUNT),
            measures -> Rate.ofRequests(measures.requests(), measures.coveredSeconds()),
            (fields, requests) -> Rate.ofRequests(requests, Fields.realOrZero(fields, Fields.COVERED_SECONDS)));

    static final Metric<Share> SUCCESSFUL_REQUESTS = share(
            new Definition(
                    "success_request",
                    "Successful requests",
                    "count",
                    "requests",
                    "count where is_success; ratio over requests where is_success is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "OpenTelemetry: requests without error.type"),
            Aggregate.countIf("success_count", Terms.IS_SUCCESS),
            SUCCESS_KNOWN,
            Terms.IS_SUCCESS);

    static final Metric<Share> FAILED_REQUESTS = share(
            new Definition(
                    "failure_request",
                    "Failed requests",
                    "count",
                    "requests",
                    "count where not is_success; ratio over requests where is_success is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    "OpenTelemetry: requests with error.type"),
            Aggregate.countIf("failure_count", Terms.IS_FAILURE),
            SUCCESS_KNOWN,
            Terms.IS_FAILURE);

    static final Metric<Share> BLOCKED_REQUESTS = share(
            new Definition(
                    "blocked_request",
                    "Blocked requests",
                    "count",
                    "requests",
                    "count where is_blocked; ratio over requests where is_blocked is known",
                    Rules.SUM_RULE,
                    Additivity.BUCKETS_AND_GROUPS,
                    Rules.NO_STANDARD),
            Aggregate.countIf("blocked_count", Terms.IS_BLOCKED),
            Aggregate.of("blocked_known", Fold.COUNT, Terms.IS_BLOCKED),
            Terms.IS_BLOCKED);

    static final Metric<UniqueUsers> UNIQUE_USERS =
            uniqueUsers(Aggregate.of("user_count", Fold.DISTINCT, Terms.USER), OptionalDouble.empty(), Map.of());

    /** An error above the greatest that was measured: see the estimators in docs/metrics.md. */
    static final Metric<UniqueUsers> UNIQUE_USERS_ESTIMATED = uniqueUsers(
            Aggregate.of("user_estimate", Fold.DISTINCT_ESTIMATE, Terms.USER),
            OptionalDouble.of(0.01),
            parameters("metric", UNIQUE_USERS_NAME, ESTIMATED, true));

    private TrafficMetrics() {}

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
                        measures -> Catalogued.knownOfNone(measures, 1) ? Double.NaN : measures.longAt(0)),
                (fields, requests) -> new Share(
                        Fields.wholeOrZero(fields, "count"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        minimum),
                Metric.minimumParameters(definition.name(), minimum),
                newMinimum -> share(definition, matches, known, match, newMinimum));
    }

    private static Metric<UniqueUsers> uniqueUsers(
            Aggregate users, OptionalDouble relativeError, Map<String, Object> parameters) {
        Aggregate known = Aggregate.of("user_known", Fold.COUNT, Terms.USER);
        return new Catalogued<>(
                new Definition(
                                UNIQUE_USERS_NAME,
                                "Unique users",
                                "count",
                                "users",
                                "distinct user_id over the requests where it is known",
                                Rules.SUM_RULE,
                                Additivity.NONE,
                                Rules.NO_STANDARD)
                        .of(Kind.WHOLE),
                List.of(known, users),
                call(IF, binary(known.expression(), EQUAL, number(0)), nothing(), users.expression()),
                measures -> new UniqueUsers(measures.longAt(1), measures.longAt(0), measures.requests(), relativeError),
                (fields, requests) -> new UniqueUsers(
                        Fields.wholeOrZero(fields, "count"),
                        Fields.wholeOrZero(fields, Fields.SAMPLE_SIZE),
                        requests,
                        relativeError),
                parameters,
                null);
    }

    private static Map<String, Object> parameters(String key, Object value, String other, Object otherValue) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(key, value);
        parameters.put(other, otherValue);
        return parameters;
    }
}
