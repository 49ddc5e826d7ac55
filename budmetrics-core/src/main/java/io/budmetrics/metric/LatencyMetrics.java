package io.budmetrics.metric;

import static io.budmetrics.internal.expr.Expr.Operator.ABOVE;
import static io.budmetrics.internal.expr.Expr.Operator.AT_LEAST;
import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.number;

import io.budmetrics.metric.Definition.Kind;
import io.budmetrics.metric.DistributionMetric.Sample;
import io.budmetrics.metric.Metric.Additivity;

/** Durations and speeds that each request has. */
final class LatencyMetrics {
    static final DistributionMetric QUEUING_TIME = DistributionMetric.ofDurations(
            new Definition(
                    "queuing_time",
                    "Queue time",
                    "mean",
                    "ms",
                    "request_forward_time - request_arrival_time, where both are known",
                    Rules.MEAN_RULE,
                    Additivity.NONE,
                    "vLLM: request_queue_time_seconds, as seen by the gateway"),
            // the name in the REST API that this JSON is compatible with
            "avg_time_ms",
            new Sample(
                    Terms.QUEUE_TIME,
                    binary(Terms.QUEUE_TIME, AT_LEAST, number(0)),
                    Kind.WHOLE,
                    Terms.MICROS_PER_MILLI));

    static final DistributionMetric TTFT = DistributionMetric.ofDurations(
            new Definition(
                    "ttft",
                    "Time to first token",
                    "mean",
                    "ms",
                    "ttft, where it was measured and streamed is not false",
                    Rules.MEAN_RULE,
                    Additivity.NONE,
                    Rules.OTEL + "gen_ai.server.time_to_first_token; vLLM: time_to_first_token_seconds"),
            new Sample(Terms.TTFT, Terms.TTFT_MEASURED, Kind.WHOLE, Terms.MICROS_PER_MILLI),
            0.95,
            0.99);

    static final DistributionMetric TPOT = DistributionMetric.ofDurations(
            new Definition(
                    "tpot",
                    "Time per output token",
                    "mean",
                    "ms",
                    "(latency - ttft) / (output tokens - 1) of each request with two or more output tokens, where all are measured and streamed is not false",
                    Rules.MEAN_RULE,
                    Additivity.NONE,
                    Rules.OTEL + "gen_ai.server.time_per_output_token; aiperf: inter_token_latency"),
            new Sample(Terms.TPOT, binary(Terms.TPOT, AT_LEAST, number(0)), Kind.REAL, Terms.MICROS_PER_MILLI),
            0.95,
            0.99);

    static final DistributionMetric OUTPUT_SPEED = DistributionMetric.ofSpeeds(
            new Definition(
                    "output_speed",
                    "Output speed per user",
                    "mean",
                    "tokens/s",
                    "(output tokens - 1) / (latency - ttft) of each request, where its time per output token is measured and above 0",
                    Rules.MEAN_RULE,
                    Additivity.NONE,
                    "aiperf: output_token_throughput_per_user"),
            new Sample(
                    binary(number(1_000_000), DIVIDE, Terms.TPOT), binary(Terms.TPOT, ABOVE, number(0)), Kind.REAL, 1),
            0.95,
            0.99);

    static final DistributionMetric LATENCY = DistributionMetric.ofDurations(
            new Definition(
                    "latency",
                    "End-to-end latency",
                    "mean",
                    "ms",
                    "response time, where it was measured",
                    Rules.MEAN_RULE,
                    Additivity.NONE,
                    Rules.OTEL + "gen_ai.server.request.duration; vLLM: e2e_request_latency_seconds"),
            new Sample(Terms.LATENCY, Terms.LATENCY_MEASURED, Kind.WHOLE, Terms.MICROS_PER_MILLI),
            0.95,
            0.99);

    private LatencyMetrics() {}
}
