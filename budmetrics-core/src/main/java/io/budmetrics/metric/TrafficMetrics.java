package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Function.COUNT;
import static io.budmetrics.internal.expr.Expr.Function.SUM;
import static io.budmetrics.internal.expr.Expr.call;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Fold;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.Definition.Kind;
import java.util.List;

/** Counts and rates of requests, and how many users sent them. */
final class TrafficMetrics {
    private static final Aggregate SUCCESS_KNOWN = Aggregate.of("success_known", Fold.COUNT, Terms.IS_SUCCESS);

    static final Metric<Count> REQUEST_COUNT = new Catalogued<>(
            new Definition(
                            "request_count",
                            "Requests",
                            "count",
                            "requests",
                            "count of requests that arrived",
                            "0 where nothing arrived",
                            Additivity.BUCKETS_AND_GROUPS,
                            Rules.OTEL + "count of gen_ai.server.request.duration; aiperf: request_count")
                    .of(Kind.WHOLE),
            List.of(),
            call(COUNT),
            Catalogued.Reader.of(measures -> new Count(measures.requests()), Measures::requests),
            (fields, requests) -> new Count(requests));

    static final Metric<RequestRate> REQUEST_RATE = new Catalogued<>(
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

    static final UniqueUsersMetric UNIQUE_USERS = new UniqueUsersMetric(
            new Definition(
                            "unique_users",
                            "Unique users",
                            "count",
                            "users",
                            "distinct user_id over the requests where it is known",
                            Rules.SUM_RULE,
                            Additivity.NONE,
                            Rules.NO_STANDARD)
                    .of(Kind.WHOLE),
            false);

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
}
