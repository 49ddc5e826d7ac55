package io.budmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.ServiceLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/metrics.md is written from the catalogue: run with -Dgolden.update=true after a change. */
class MetricReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/metrics.md");

    @Test
    void theReferenceIsTheCatalogue() throws IOException {
        String reference = reference();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(REFERENCE, reference);
        }

        assertThat(Files.readString(REFERENCE)).isEqualTo(reference);
    }

    private static String reference() {
        StringBuilder out = new StringBuilder();
        out.append("""
                # Metrics

                Written from the catalogue `io.budmetrics.metric.Metrics`; a test keeps it so.

                Every cell has a value. A number that is not known is empty, never 0, and `absence()` says why: no traffic, not
                measured, undefined. Counts and sums are 0 where nothing arrived and empty where requests arrived but none was
                measured.
                Averages, percentiles and ratios are empty in both cases. A negative duration counts as not measured. Durations
                are milliseconds in Java and JSON, ratios are 0 to 1 in Java and percent in JSON. Percentiles are exact, linear
                between the closest ranks.

                A request counts in the bucket in which it arrived; only concurrency is spread over the time a request ran.
                Rates are per covered second: where the range or the moment of the question cuts a bucket, only the part inside
                counts.

                Every metric has one definition, whatever else a question asks for. Each ratio is a ratio of sums over the
                requests of which everything it needs is known, and comes with their number.

                Every percentile and ratio comes with its sample size. `withMinimumSample(n)` withholds values over fewer requests;
                their `absence()` is "too few". `interval(confidence)` of a ratio over requests is Wilson's score interval.
                `withIntervals(confidence)` puts an order-statistic interval around each percentile, whatever the distribution:
                `interval(0.99)` of the value is where the true percentile lies, between two values of the sample. Their exact
                coverage is never below the confidence. It is empty where the sample is too small: at 95 % a median needs 8
                values, a 95th percentile 110, a 99th 563.

                Deltas and rankings use the headline value. Headline values may only be added up over what "may be summed over"
                lists; otherwise ask for coarser buckets or fewer dimensions.

                """);
        for (Metric<?> metric : Metrics.all()) {
            section(out, metric, metric.title(), "Metrics." + constant(metric));
        }
        out.append("""
                ## Metrics with limits

                A service level is what a good request keeps:

                ```java
                ServiceLevel chat = ServiceLevel.builder()
                        .named("chat")
                        .ttft(Duration.ofMillis(450))
                        .tpot(Duration.ofMillis(40))
                        .build();
                Metric<Attainment> metric = Metrics.sloAttainment(chat);
                ```

                All limits must be kept. A request that failed is bad, whatever its times. Blocked requests do not count; where a
                limit is on the first token or on the time per token, requests marked as not streamed do not count either.
                Of the others a request is bad as soon as one limit is known to be missed, good when all are known to be kept,
                and outside the denominator where neither is known. `success()` demands that the outcome is known. Below two
                output tokens the limit on the time per token is kept, as in vLLM's benchmark. The limits of MLPerf are in
                `MlPerf`.

                The error budget and the burn rate of an objective such as 0.999 take three lines:

                ```java
                Attainment attainment = row.get(Metrics.sloAttainment(chat));
                double budget = (1 - 0.999) * attainment.sampleSize();              // requests that may be bad
                double burnRate = attainment.bad().orElse(0) / budget;              // 1: exactly used up in this window
                ```

                These metrics are named after their limits, or after the name of the service level, so that a question can have
                several of them.

                """);
        ServiceLevel chat = ServiceLevel.builder()
                .named("chat")
                .ttft(Duration.ofMillis(450))
                .tpot(Duration.ofMillis(40))
                .build();
        section(out, Metrics.goodput(chat), "Goodput", "Metrics.goodput(chat)");
        section(out, Metrics.sloAttainment(chat), "SLO attainment", "Metrics.sloAttainment(chat)");
        section(
                out,
                Metrics.apdex(Metrics.TTFT, Duration.ofMillis(500)),
                "Apdex",
                "Metrics.apdex(Metrics.TTFT, Duration.ofMillis(500))");
        out.append("""
                ## Estimators

                Numbers are exact unless the question names an estimator.

                | | exact | estimated |
                |---|---|---|
                | in Java | `Metrics.UNIQUE_USERS` | `Metrics.UNIQUE_USERS_ESTIMATED` |
                | function | `uniqExact` | `uniqCombined64` |
                | stated error | none | 1 % |
                | standard error measured | none | 0.2 % |
                | greatest error measured | none | 0.55 % |
                | time, one group of 632,000 users | 327 ms | 28 ms |
                | time, 100 groups of 10,000 requests | 186 ms | 143 ms |
                | state of one group of 632,000 users | 10.1 MB | 99 kB |

                Errors were measured on 80 sets of 1,000, 10,000, 100,000 and 1,000,000 users; the sets of 1,000 were counted
                exactly. Times are of 1,000,000 requests, the best of 30 on the embedded engine with two busy cores; the state is
                what one group takes in memory, and travels between servers.

                ## Cost of intervals

                Percentiles are selected, intervals need all values sorted: of the same 1,000,000 requests two percentiles take
                15 ms and with intervals 53 ms, in 100 groups 37 ms and 112 ms. All values of a group are in memory, 8 bytes each,
                as they are for exact percentiles.
                """);
        return out.toString().stripTrailing() + "\n";
    }

    private static void section(StringBuilder out, Metric<?> metric, String title, String constant) {
        out.append("## ").append(title).append("\n\n");
        out.append("| | |\n|---|---|\n");
        row(out, "name", "`" + metric.name() + "`");
        row(out, "in Java", "`" + constant + "`");
        row(out, "headline value", metric.headlineName());
        row(out, "unit", metric.unit());
        row(out, "formula", metric.formula());
        row(out, "where nothing is known", metric.nullRule());
        row(out, "may be summed over", metric.additivity().words());
        row(out, "ranking", metric.smallestFirst() ? "smallest first" : "largest first");
        row(out, "standard", metric.standard());
        row(out, "needs", metric.columns().isEmpty() ? "no column" : code(metric.columns()));
        row(
                out,
                "columns of a result",
                Internals.of(metric).aggregates().isEmpty()
                        ? "`request_count`"
                        : code(Internals.of(metric).aggregates().stream()
                                .map(Aggregate::alias)
                                .toList()));
        out.append('\n');
    }

    private static void row(StringBuilder out, String name, String value) {
        out.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static String code(List<String> names) {
        return "`" + String.join("`, `", names) + "`";
    }

    private static String constant(Metric<?> metric) {
        for (Field field : Metrics.class.getFields()) {
            try {
                if (metric.equals(field.get(null))) {
                    return field.getName();
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no constant is " + metric);
    }
}
