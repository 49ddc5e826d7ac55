package io.budmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.metric.Aggregate;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
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

                A value always exists; what it could not know is empty, and `absence()` says why: no traffic, not measured,
                undefined. Counts and sums are 0 where nothing arrived and empty where requests arrived but none was measured.
                Averages, percentiles and ratios are empty in both cases. A negative duration counts as not measured. Durations
                are milliseconds in Java and JSON, ratios are 0 to 1 in Java and percent in JSON. Percentiles are exact, linear
                between the closest ranks.

                Everything belongs to the bucket in which the request arrived; only concurrency is spread over the time a
                request ran.

                """);
        for (Metric<?> metric : Metrics.all()) {
            out.append("## ").append(metric.title()).append("\n\n");
            out.append("| | |\n|---|---|\n");
            out.append("| name | `").append(metric.name()).append("` |\n");
            out.append("| constant | `Metrics.").append(constant(metric)).append("` |\n");
            out.append("| headline value | ").append(metric.unit()).append(" |\n");
            out.append("| formula | ").append(metric.formula()).append(" |\n");
            out.append("| ranking | ")
                    .append(metric.smallestFirst() ? "smallest first" : "largest first")
                    .append(" |\n");
            out.append("| columns of a result | ")
                    .append(
                            metric.aggregates().isEmpty()
                                    ? "`request_count`"
                                    : metric.aggregates().stream()
                                            .map(Aggregate::alias)
                                            .collect(Collectors.joining("`, `", "`", "`")))
                    .append(" |\n\n");
        }
        return out.toString();
    }

    private static String constant(Metric<?> metric) {
        return metric.name().toUpperCase(java.util.Locale.ROOT);
    }
}
