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

/** docs/metrics.md is generated from the catalogue: run this test with -Dgolden.update=true after a change. */
class MetricReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/metrics.md");

    @Test
    void metricsPage_matchesTheCatalogue() throws IOException {
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

                This page is generated from the catalogue `io.budmetrics.metric.Metrics`, and a test keeps both
                in agreement.

                Every cell has a value. If a number is not known, the value is empty, never 0, and `absence()`
                says why: no traffic, not measured, or undefined. Counts and sums are 0 if nothing arrived, and
                empty if requests arrived but none was measured. Averages, percentiles and ratios are empty in
                both cases. A negative duration counts as not measured. Durations are milliseconds in Java and
                JSON. Ratios are 0 to 1 in Java and percent in JSON. Percentiles are exact, and interpolated
                linearly between the closest ranks.

                A request counts in the bucket in which it arrived. Only concurrency is spread over the time
                during which a request ran. Rates are per covered second: if a bucket is cut by the range or by
                the moment at which the question is asked, only the part inside counts.

                Every metric has one definition, whatever else a question asks for. Each ratio is a ratio of sums
                over the requests for which all of its inputs are known, and comes with the number of these
                requests.

                Every percentile and ratio comes with its sample size. `withMinimumSample(n)` withholds values
                that are computed from fewer requests; their `absence()` is "too few". For a ratio of requests,
                `interval(confidence)` is Wilson's score interval. `withIntervals(confidence)` adds an
                order-statistic interval to each percentile, which is valid for any distribution:
                `interval(0.99)` of the value is the interval for the 99th percentile, and its ends are two values
                of the sample. The exact coverage of these intervals is never below the confidence. An interval is empty
                if the sample is too small: at 95 % a median needs 8 values, a 95th percentile 110, and a 99th
                percentile 563.

                Deltas and rankings use the headline value. Headline values may only be added up as listed under
                "may be summed over". For everything else, ask for coarser buckets or fewer dimensions.

                """);
        for (Metric<?> metric : Metrics.all()) {
            section(out, metric, metric.title(), "Metrics." + constant(metric));
        }
        out.append("""
                ## Service levels and Apdex

                A service level is a set of limits that a good request keeps:

                ```java
                ServiceLevel chat = ServiceLevel.builder()
                        .named("chat")
                        .ttft(Duration.ofMillis(450))
                        .tpot(Duration.ofMillis(40))
                        .build();
                Metric<Attainment> metric = Metrics.sloAttainment(chat);
                ```

                A good request keeps all limits. A failed request is bad, whatever its times. Blocked requests do
                not count. If there is a limit on the time to first token or on the time per output token,
                requests marked as not streamed do not count either. Every other request is bad as soon as one
                limit is known to be missed, and good if all limits are known to be kept. If neither is known,
                the request is left out of the denominator. `success()` requires that the outcome is known. With
                fewer than two output tokens, the limit on the time per output token counts as kept, as in vLLM's
                benchmark. `MlPerf` has the limits of MLPerf.

                Three lines compute the error budget and the burn rate of an objective such as 0.999:

                ```java
                Attainment attainment = row.get(Metrics.sloAttainment(chat));
                double budget = (1 - 0.999) * attainment.sampleSize();              // requests that may be bad
                double burnRate = attainment.bad().orElse(0) / budget;              // 1: exactly used up in this window
                ```

                The name of such a metric contains its limits or the name of its service level, so one question
                can have several of them.

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

                Numbers are exact unless the question uses an estimator.

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

                The errors were measured on 80 sets of 1,000, 10,000, 100,000 and 1,000,000 users; the sets of
                1,000 were counted exactly. The times are for 1,000,000 requests, the best of 30 runs on the
                embedded engine with two busy cores. The state is what one group takes in memory and what is sent
                between servers.

                ## Time and memory for intervals

                A percentile needs only a selection, whereas an interval needs all values sorted. For the same
                1,000,000 requests, two percentiles take 15 ms, and 53 ms with intervals; in 100 groups they take
                37 ms and 112 ms. All values of a group are held in memory, at 8 bytes each, as they are for
                exact percentiles.
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
        row(out, "when nothing is known", metric.nullRule());
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
