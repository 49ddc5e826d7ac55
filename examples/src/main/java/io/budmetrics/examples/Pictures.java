package io.budmetrics.examples;

import static io.budmetrics.metric.Metrics.CACHE;
import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.FAILED_REQUESTS;
import static io.budmetrics.metric.Metrics.INPUT_TOKENS;
import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.OUTPUT_TOKENS;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.metric.Metrics.SUCCESSFUL_REQUESTS;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Series;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.examples.support.AnswerTable;
import io.budmetrics.examples.support.Report;
import io.budmetrics.examples.support.Report.Chart;
import io.budmetrics.examples.support.Report.Figure;
import io.budmetrics.examples.support.Report.Kind;
import io.budmetrics.examples.support.Report.Tone;
import io.budmetrics.examples.support.Report.Unit;
import io.budmetrics.examples.support.SafeText;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns answers into the plots of a {@link Report}. */
final class Pictures {
    private static final DistributionMetric WAIT = LATENCY.withPercentiles(0.5, 0.95, 0.99);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("d MMMM uuuu HH:mm", Locale.ENGLISH);

    private final BudMetrics budMetrics;
    private final FiveQuestions window;
    private final BiFunction<Dimension<?>, Object, String> names;

    Pictures(BudMetrics budMetrics, FiveQuestions window, BiFunction<Dimension<?>, Object, String> names) {
        this.budMetrics = budMetrics;
        this.window = window;
        this.names = names;
    }

    Report report(String title, String footer) {
        AnalyticsAnswer quality = budMetrics.execute(
                ask(WAIT, FAILED_REQUESTS).every(window.coarse()).build());
        List<Chart> charts = List.of(
                traffic(),
                latency(quality),
                errors(quality),
                cost(),
                ranking(
                        "Top " + by() + "s",
                        window.rank().title() + " over the whole time",
                        window.by(),
                        window.rank(),
                        window.rank().equals(COST) ? Unit.MONEY : Unit.COUNT,
                        Tone.CATEGORIES,
                        budMetrics.execute(window.largest())),
                tokens(),
                ranking(
                        "Failures",
                        "Failed requests over the whole time, by "
                                + window.culprit().name().replace('_', ' '),
                        window.culprit(),
                        FAILED_REQUESTS,
                        Unit.COUNT,
                        Tone.ALARM,
                        budMetrics.execute(window.errors())),
                rhythm());
        return new Report(title, span(window.from(), window.to()) + " UTC", figures(), charts, footer);
    }

    private String by() {
        return window.by().name().replace('_', ' ');
    }

    private Chart traffic() {
        AnalyticsAnswer shares = largestOverTime(REQUEST_COUNT);
        return overTime(
                "Traffic",
                "Requests per " + words(window.coarse()) + ", by " + by(),
                "requests",
                Kind.STACKED,
                Unit.COUNT,
                Tone.CATEGORIES,
                true,
                shares,
                REQUEST_COUNT,
                stacks(shares, REQUEST_COUNT));
    }

    private Chart latency(AnalyticsAnswer quality) {
        List<Row> rows = quality.rows();
        return overTime(
                "Latency",
                "End-to-end latency per " + words(window.coarse()) + ": 50 %, 95 % and 99 % of the requests are faster",
                "latency",
                Kind.LADDER,
                Unit.MILLISECONDS,
                Tone.NEUTRAL,
                false,
                quality,
                WAIT,
                List.of(
                        line("p50", rows, WAIT, value -> value.percentile(0.5)),
                        line("p95", rows, WAIT, value -> value.percentile(0.95)),
                        line("p99", rows, WAIT, value -> value.percentile(0.99))));
    }

    private Chart errors(AnalyticsAnswer quality) {
        return overTime(
                "Errors",
                "Failed share of the requests with a known outcome, per " + words(window.coarse()),
                "failed requests",
                Kind.AREA,
                Unit.PERCENT,
                Tone.ALARM,
                false,
                quality,
                FAILED_REQUESTS,
                List.of(line("failed", quality.rows(), FAILED_REQUESTS, value -> percent(value.ratio()))));
    }

    private Chart cost() {
        AnalyticsAnswer costs = largestOverTime(COST);
        return overTime(
                "Cost",
                "Cost per " + words(window.coarse()) + ", by " + by() + ", in the currency of the records",
                "cost",
                Kind.STACKED,
                Unit.MONEY,
                Tone.CATEGORIES,
                false,
                costs,
                COST,
                stacks(costs, COST));
    }

    private Chart tokens() {
        AnalyticsAnswer tokens = budMetrics.execute(
                ask(INPUT_TOKENS, OUTPUT_TOKENS).every(window.coarse()).build());
        return overTime(
                "Tokens",
                "Input and output tokens per " + words(window.coarse()),
                "tokens",
                Kind.STACKED,
                Unit.TOKENS,
                Tone.NEUTRAL,
                false,
                tokens,
                INPUT_TOKENS,
                List.of(
                        line("input", tokens.rows(), INPUT_TOKENS, MetricValue::headline),
                        line("output", tokens.rows(), OUTPUT_TOKENS, MetricValue::headline)));
    }

    private Chart rhythm() {
        AnalyticsAnswer rhythm = budMetrics.execute(ask(REQUEST_COUNT)
                .between(window.fineFrom(), window.to())
                .every(window.fine())
                .build());
        return overTime(
                "Rhythm",
                "Requests per " + words(window.fine()) + ", " + span(window.fineFrom(), window.to()) + " UTC",
                "requests",
                Kind.AREA,
                Unit.COUNT,
                Tone.NEUTRAL,
                true,
                rhythm,
                REQUEST_COUNT,
                List.of(line("requests", rhythm.rows(), REQUEST_COUNT, MetricValue::headline)));
    }

    /** The five largest values of the dimension, and the others, in each bucket. */
    private AnalyticsAnswer largestOverTime(Metric<?> metric) {
        return budMetrics.execute(ask(metric)
                .every(window.coarse())
                .groupBy(window.by())
                .top(5, metric)
                .build());
    }

    private AnalyticsBuilder ask(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(window.from(), window.to())
                .traffic(TrafficSource.ALL)
                .where(window.scope().toArray(new Filter[0]));
    }

    private List<Figure> figures() {
        List<Row> rows = budMetrics
                .execute(ask(REQUEST_COUNT, SUCCESSFUL_REQUESTS, WAIT, INPUT_TOKENS, OUTPUT_TOKENS, COST, CACHE)
                        .every(Frequency.WHOLE_RANGE)
                        .build())
                .rows();
        Row row = rows.get(0);
        double days = Duration.between(window.from(), window.to()).toSeconds() / 86_400.0;
        long requests = row.get(REQUEST_COUNT).count();
        String pace = days >= 2 ? number(requests / days) + " a day" : number(requests / days / 24 / 60) + " a minute";
        Distribution wait = row.get(WAIT);
        return List.of(
                new Figure("Requests", String.format(Locale.ROOT, "%,d", requests), pace),
                figure(
                        "Succeeded",
                        row.get(SUCCESSFUL_REQUESTS),
                        row.get(SUCCESSFUL_REQUESTS).ratio(),
                        Pictures::share,
                        "of the requests with a known outcome"),
                figure(
                        "Latency, median",
                        wait,
                        wait.percentile(0.5),
                        Pictures::time,
                        "p99 " + time(wait.percentile(0.99).orElse(0))),
                figure(
                        "Output tokens",
                        row.get(OUTPUT_TOKENS),
                        row.get(OUTPUT_TOKENS).headline(),
                        Pictures::number,
                        number(row.get(INPUT_TOKENS).headline().orElse(0)) + " input tokens"),
                figure(
                        "Cost",
                        row.get(COST),
                        row.get(COST).headline(),
                        value -> String.format(Locale.ROOT, value < 1 ? "%.6f" : "%,.2f", value),
                        "of the " + share(row.get(COST).coverage().orElse(0)) + " of requests that have a price"),
                figure(
                        "Answered from cache",
                        row.get(CACHE),
                        row.get(CACHE).hitRatio(),
                        Pictures::share,
                        "of the requests where it is known"));
    }

    private static Figure figure(
            String label, MetricValue value, OptionalDouble number, Function<Double, String> write, String note) {
        return number.isPresent()
                ? new Figure(label, write.apply(number.getAsDouble()), note)
                : new Figure(label, null, AnswerTable.reason(value));
    }

    private Chart overTime(
            String title,
            String subtitle,
            String axis,
            Kind kind,
            Unit unit,
            Tone tone,
            boolean wide,
            AnalyticsAnswer answer,
            Metric<?> metric,
            List<Report.Series> series) {
        List<String> labels = new ArrayList<>();
        List<Boolean> partial = new ArrayList<>();
        answer.rows().stream().map(Row::bucket).distinct().forEach(period -> {
            labels.add(label(period.from(), answer.question().frequency()));
            partial.add(period.partial());
        });
        return new Chart(
                title, subtitle, axis, kind, unit, tone, wide, labels, partial, series, false, absence(answer, metric));
    }

    private Chart ranking(
            String title,
            String subtitle,
            Dimension<?> dimension,
            Metric<?> metric,
            Unit unit,
            Tone tone,
            AnalyticsAnswer answer) {
        List<String> labels = new ArrayList<>();
        List<Boolean> whole = new ArrayList<>();
        List<@Nullable Double> values = new ArrayList<>();
        for (Row row : answer.rows()) {
            labels.add(name(row, dimension));
            whole.add(false);
            values.add(boxed(row.get(metric).headline()));
        }
        boolean others = !answer.rows().isEmpty()
                && answer.rows().get(answer.rows().size() - 1).group().isOthers();
        return new Chart(
                title,
                subtitle,
                metric.title().toLowerCase(Locale.ROOT),
                Kind.RANKING,
                unit,
                tone,
                false,
                labels,
                whole,
                List.of(new Report.Series(metric.title(), values, false)),
                others,
                absence(answer, metric));
    }

    private List<Report.Series> stacks(AnalyticsAnswer answer, Metric<?> metric) {
        List<Report.Series> stacks = new ArrayList<>();
        for (Series series : answer.series()) {
            List<@Nullable Double> values = new ArrayList<>();
            series.rows().forEach(row -> values.add(boxed(row.get(metric).headline())));
            stacks.add(new Report.Series(
                    name(series.rows().get(0), window.by()),
                    values,
                    series.group().isOthers()));
        }
        return stacks;
    }

    private static <V extends MetricValue> Report.Series line(
            String name, List<Row> rows, Metric<V> metric, Function<V, OptionalDouble> read) {
        List<@Nullable Double> values = new ArrayList<>();
        rows.forEach(row -> values.add(boxed(read.apply(row.get(metric)))));
        return new Report.Series(name, values, false);
    }

    private static String absence(AnalyticsAnswer answer, Metric<?> metric) {
        // "not measured" says more than "no traffic" when a chart has both
        Optional<String> unmeasured = answer.rows().stream()
                .map(row -> row.get(metric))
                .filter(value -> value.absence().isPresent())
                .map(AnswerTable::reason)
                .reduce((a, b) -> a.equals(b) ? a : "no traffic, or not measured");
        return unmeasured.orElse("no traffic");
    }

    private String name(Row row, Dimension<?> dimension) {
        return row.group().isOthers()
                ? SafeText.OTHERS
                : row.group()
                        .get(dimension)
                        .map(value -> SafeText.name(names.apply(dimension, value)))
                        .orElse(SafeText.MISSING);
    }

    private String label(Instant from, Frequency frequency) {
        boolean withinDay = frequency.unit() == Frequency.Unit.MINUTE || frequency.unit() == Frequency.Unit.HOUR;
        boolean oneDay = Duration.between(window.from(), window.to()).compareTo(Duration.ofDays(1)) <= 0;
        return (withinDay ? oneDay ? MINUTE : HOUR : DAY).format(from.atZone(ZoneOffset.UTC));
    }

    private static String words(Frequency frequency) {
        String unit = frequency.unit().name().toLowerCase(Locale.ROOT);
        return frequency.interval() == 1 ? unit : frequency.interval() + " " + unit + "s";
    }

    private static String span(Instant from, Instant to) {
        return FULL.format(from.atZone(ZoneOffset.UTC)) + " to " + FULL.format(to.atZone(ZoneOffset.UTC));
    }

    private static OptionalDouble percent(OptionalDouble ratio) {
        return ratio.isPresent() ? OptionalDouble.of(100 * ratio.getAsDouble()) : ratio;
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static String share(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * ratio);
    }

    private static String time(double milliseconds) {
        return milliseconds >= 1000
                ? String.format(Locale.ROOT, "%.2f s", milliseconds / 1000)
                : String.format(Locale.ROOT, "%.0f ms", milliseconds);
    }

    private static String number(double value) {
        return value >= 1e9
                ? String.format(Locale.ROOT, "%.2f G", value / 1e9)
                : value >= 1e6
                        ? String.format(Locale.ROOT, "%.1f M", value / 1e6)
                        : String.format(Locale.ROOT, "%,.0f", value);
    }
}
