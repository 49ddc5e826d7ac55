package io.budmetrics.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.examples.support.Report.Chart;
import io.budmetrics.examples.support.Report.Figure;
import io.budmetrics.examples.support.Report.Kind;
import io.budmetrics.examples.support.Report.Series;
import io.budmetrics.examples.support.Report.Tone;
import io.budmetrics.examples.support.Report.Unit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String HOSTILE = "</script><script>alert(1)</script><!-- {{chartjs}} $1 \\ \u2028 & \" '";

    @Test
    void hostileTextStaysData() throws Exception {
        String html = synthetic(HOSTILE).html();

        assertThat(html).doesNotContain("alert(1)</script>").doesNotContain("<script>alert");
        assertThat(html).contains("<title>&lt;/script&gt;");
        // two scripts and the data
        assertThat(html.split("</script>", -1)).hasSize(4);
        int start = html.indexOf("id=\"data\">") + "id=\"data\">".length();
        JsonNode data = new ObjectMapper().readTree(html.substring(start, html.indexOf("</script>", start)));
        assertThat(data.get("title").asText()).isEqualTo(HOSTILE);
    }

    @Test
    void html_isSelfContained() {
        String html = synthetic("Traffic").html();

        assertThat(html)
                .contains("Chart.js v4.4.9")
                .contains("Released under the MIT License")
                .contains("Content-Security-Policy")
                .doesNotContain("sourceMappingURL")
                .doesNotContain("{{")
                .doesNotContain("src=\"http");
    }

    @Test
    void gapsAreNull() throws Exception {
        Path file = Path.of("target", "synthetic-report.html");
        synthetic("LLM traffic, synthetic").write(file);

        assertThat(file).content().contains("[null,null,").doesNotContain("\"NaN\"");
    }

    private static Report synthetic(String title) {
        List<String> days = new ArrayList<>();
        List<Boolean> partial = new ArrayList<>();
        for (int d = 0; d < 30; d++) {
            days.add((d + 1) + " Nov");
            partial.add(d == 29);
        }
        IntToDoubleFunction week = d -> 5000 + 2200 * Math.sin(d / 7.0 * 2 * Math.PI) - (d == 29 ? 3500 : 0);
        return new Report(
                title,
                "1 to 30 November 2026, UTC",
                List.of(
                        new Figure("Requests", "200,000", "6,667 a day"),
                        new Figure("Succeeded", "97.9 %", "of 198,412 with a known outcome"),
                        new Figure("Latency, median", "1.42 s", "p99 11.8 s"),
                        new Figure("Output tokens", "71.3 M", "289 M input tokens"),
                        new Figure("Cost", null, "not measured")),
                List.of(
                        chart(
                                "Traffic",
                                "Requests a day",
                                "requests",
                                Kind.STACKED,
                                Unit.COUNT,
                                Tone.CATEGORIES,
                                true,
                                days,
                                partial,
                                series("gpt-large", days, d -> week.applyAsDouble(d) * 0.4),
                                series("sonnet-medium", days, d -> week.applyAsDouble(d) * 0.3),
                                series("llama-small", days, d -> week.applyAsDouble(d) * 0.2),
                                new Series("Others", values(days, d -> week.applyAsDouble(d) * 0.1), true)),
                        chart(
                                "Latency",
                                "End-to-end latency percentiles",
                                "latency",
                                Kind.LADDER,
                                Unit.MILLISECONDS,
                                Tone.NEUTRAL,
                                false,
                                days,
                                partial,
                                series("p50", days, d -> d == 11 || d == 13 ? Double.NaN : 1300 + 100 * Math.cos(d)),
                                series("p95", days, d -> d == 11 || d == 13 ? Double.NaN : 5200 + 900 * Math.cos(d)),
                                series(
                                        "p99",
                                        days,
                                        d -> d == 11 || d == 13 ? Double.NaN : 11200 + 4000 * Math.cos(d * 3))),
                        chart(
                                "Errors",
                                "Failed share of the requests with a known outcome",
                                "failed",
                                Kind.AREA,
                                Unit.PERCENT,
                                Tone.ALARM,
                                false,
                                days,
                                partial,
                                series(
                                        "failed",
                                        days,
                                        d -> d == 20 ? Double.NaN : 2 + Math.sin(d * 2) + (d == 8 ? 6 : 0))),
                        chart(
                                "Cost",
                                "Cost a day by model",
                                "cost",
                                Kind.STACKED,
                                Unit.MONEY,
                                Tone.CATEGORIES,
                                false,
                                days,
                                partial,
                                series("gpt-large", days, d -> week.applyAsDouble(d) * 0.004),
                                series("sonnet-medium", days, d -> week.applyAsDouble(d) * 0.001)),
                        new Chart(
                                "Top models",
                                "By cost over the whole time",
                                "cost",
                                Kind.RANKING,
                                Unit.MONEY,
                                Tone.NEUTRAL,
                                false,
                                List.of("gpt-large", "sonnet-medium", "llama-small", "Others"),
                                List.of(false, false, false, false),
                                List.of(new Series("cost", List.of(812.2, 401.1, 12.9, 140.0), false)),
                                true,
                                "not measured"),
                        chart(
                                "Cache",
                                "Share of requests answered from the cache",
                                "hits",
                                Kind.AREA,
                                Unit.PERCENT,
                                Tone.NEUTRAL,
                                true,
                                days,
                                partial,
                                series("hits", days, d -> Double.NaN))),
                "Synthetic numbers for a look at the page.");
    }

    private static Chart chart(
            String title,
            String subtitle,
            String axis,
            Kind kind,
            Unit unit,
            Tone tone,
            boolean wide,
            List<String> labels,
            List<Boolean> partial,
            Series... series) {
        return new Chart(
                title, subtitle, axis, kind, unit, tone, wide, labels, partial, List.of(series), false, "not measured");
    }

    private static Series series(String name, List<String> labels, IntToDoubleFunction value) {
        return new Series(name, values(labels, value), false);
    }

    private static List<@Nullable Double> values(List<String> labels, IntToDoubleFunction value) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            double v = value.applyAsDouble(i);
            values.add(Double.isNaN(v) ? null : v);
        }
        return values;
    }
}
