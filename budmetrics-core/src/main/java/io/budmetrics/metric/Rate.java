package io.budmetrics.metric;

import io.budmetrics.metric.MetricValue.Absence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Requests or tokens per second, either of the covered part of a bucket or of latency, depending on the metric. Immutable,
 * compared by value.
 */
public final class Rate extends MetricValue {
    /** What is counted, which decides how the rate is written as JSON. */
    private enum Counted {
        REQUESTS,
        GOOD_REQUESTS,
        TOKENS
    }

    private final Counted counted;
    private final OptionalDouble perSecond;
    private final long count;
    private final double coveredSeconds;
    private final long sampleSize;
    private final long requests;

    private Rate(
            Counted counted,
            OptionalDouble perSecond,
            long count,
            double coveredSeconds,
            long sampleSize,
            long requests) {
        this.counted = counted;
        this.perSecond = perSecond;
        this.count = count;
        this.coveredSeconds = coveredSeconds;
        this.sampleSize = sampleSize;
        this.requests = requests;
    }

    /**
     * Makes a rate of requests, for an answer built by hand.
     *
     * @param requests requests that arrived
     * @param coveredSeconds the part of the bucket that the question covers, in seconds
     * @return the rate
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY for a negative count or seconds that are not above 0
     */
    public static Rate ofRequests(long requests, double coveredSeconds) {
        Fields.requireNotNegative("requests", requests);
        Fields.requireSeconds(coveredSeconds);
        return new Rate(
                Counted.REQUESTS,
                OptionalDouble.of(requests / coveredSeconds),
                requests,
                coveredSeconds,
                requests,
                requests);
    }

    /**
     * Makes a goodput, for an answer built by hand.
     *
     * @param good requests that kept the service level
     * @param sampleSize requests for which it is known whether they are good
     * @param requests requests that arrived
     * @param coveredSeconds the part of the bucket that the question covers, in seconds
     * @return the rate of the good requests
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Rate ofGoodRequests(long good, long sampleSize, long requests, double coveredSeconds) {
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        Fields.requirePart("good", good, "sampleSize", sampleSize);
        Fields.requireSeconds(coveredSeconds);
        OptionalDouble perSecond =
                sampleSize == 0 && requests > 0 ? OptionalDouble.empty() : OptionalDouble.of(good / coveredSeconds);
        return new Rate(Counted.GOOD_REQUESTS, perSecond, good, coveredSeconds, sampleSize, requests);
    }

    /**
     * Makes a throughput, for an answer built by hand.
     *
     * @param tokensPerSecond output tokens over seconds; empty where there is no such quotient
     * @param sampleSize requests whose tokens count
     * @param requests requests that arrived
     * @return the rate of the tokens
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when no requests have these numbers
     */
    public static Rate ofTokens(OptionalDouble tokensPerSecond, long sampleSize, long requests) {
        Fields.requireMeasure("tokensPerSecond", tokensPerSecond);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
        return new Rate(Counted.TOKENS, tokensPerSecond, 0, 0, sampleSize, requests);
    }

    /**
     * Returns the requests or tokens per second.
     *
     * @return requests or tokens per second; 0 for requests where nothing arrived; empty where requests arrived and it is
     *     known for none, and for tokens in no time
     */
    public OptionalDouble perSecond() {
        return perSecond;
    }

    /**
     * Returns the sample size: for a request rate all requests, for a goodput those that can be judged, for a throughput
     * those whose tokens count.
     *
     * @return 0 to {@link #requests()}
     */
    public long sampleSize() {
        return sampleSize;
    }

    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    public long requests() {
        return requests;
    }

    @Override
    public OptionalDouble headline() {
        return perSecond;
    }

    @Override
    public Optional<Absence> absence() {
        return Fields.absence(perSecond.isPresent(), requests, sampleSize);
    }

    @Override
    Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        if (counted == Counted.TOKENS) {
            fields.put("avg", Fields.orNull(perSecond));
            fields.put("p99", null);
            fields.put("p95", null);
        } else {
            fields.put("per_second", Fields.orNull(perSecond));
        }
        if (details && counted == Counted.GOOD_REQUESTS) {
            fields.put("good", count);
        }
        if (details && counted != Counted.REQUESTS) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        if (details && counted != Counted.TOKENS) {
            fields.put(Fields.COVERED_SECONDS, coveredSeconds);
        }
        return fields;
    }

    @Override
    List<?> state() {
        return List.of(counted, perSecond, count, coveredSeconds, sampleSize, requests);
    }
}
