package io.budmetrics.examples;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.examples.support.UsageException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A question as command-line options. */
final class QuestionOptions {
    /** Lists the metrics in the help text. */
    static final class MetricNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        MetricNames() {
            super(Metrics.all().stream().map(Metric::name).toList());
        }
    }

    /** Lists the dimensions in the help text. */
    static final class DimensionNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        DimensionNames() {
            super(Dimension.all().stream().map(Dimension::name).toList());
        }
    }

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME",
            completionCandidates = MetricNames.class,
            description = "One or more, separated by commas: ${COMPLETION-CANDIDATES}")
    private List<String> metrics = List.of();

    @Option(
            names = "--percentiles",
            split = ",",
            paramLabel = "LEVEL",
            description = "Percentiles of every metric that has them, such as 0.5,0.99")
    private List<Double> percentiles = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Start of the range: 2026-11-01, 2026-11-01T08:30 or 2026-11-01T08:30:00Z")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End of the range, exclusive; default: now")
    private @Nullable String to;

    @Option(
            names = "--last",
            paramLabel = "TIME",
            description = "Instead of --from: this long until now, such as 90m, 24h, 7d or 4w")
    private @Nullable String last;

    @Option(
            names = "--every",
            paramLabel = "BUCKET",
            description =
                    "Length of a bucket, such as day, hour, 15minutes, or whole_range for one number; default: day")
    private String every = "day";

    @Option(names = "--zone", paramLabel = "ZONE", description = "Time zone of buckets and times; default: UTC")
    private String zone = "UTC";

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "Only requests with model=ID,ID, country!=DE or response_time>=2.5s; may be repeated, and all"
                    + " conditions must match")
    private List<String> where = List.of();

    @Option(
            names = "--group-by",
            split = ",",
            paramLabel = "DIMENSION",
            completionCandidates = DimensionNames.class,
            description = "One or more, separated by commas: ${COMPLETION-CANDIDATES}")
    private List<String> groupBy = List.of();

    @Option(
            names = "--having",
            paramLabel = "CONDITION",
            description = "Only groups with request_count>=100 or latency<2500 over the whole range; may be repeated")
    private List<String> having = List.of();

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "Only the top N groups; the rest is added up in a row named Others")
    private @Nullable Integer top;

    @Option(names = "--top-by", paramLabel = "NAME", description = "The metric to rank by; default: the first one")
    private @Nullable String topBy;

    @Option(names = "--delta", description = "Add the change against the previous bucket")
    private boolean delta;

    @Option(
            names = "--compared-with",
            paramLabel = "RANGE",
            description = "Add the change against an earlier range: 'previous' for the one just before, or how much"
                    + " earlier, such as 7d, 4w, 1month or 1y")
    private @Nullable String comparedWith;

    @Option(names = "--totals", description = "Add totals of each group, of each bucket and of everything")
    private boolean totals;

    @Option(names = "--only-traffic", description = "Leave out buckets without requests")
    private boolean onlyTraffic;

    @Option(
            names = "--traffic",
            paramLabel = "SOURCE",
            description = "The traffic to count: inference, prompt or all; default: inference")
    private TrafficSource traffic = TrafficSource.INFERENCE;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "Ask as if it were this time: a range without an end ends here")
    private @Nullable String asOf;

    AnalyticsQuestion question() {
        if (metrics.isEmpty()) {
            throw new UsageException(
                    "--metrics is missing; give one or more of " + Notation.names(Metrics.all(), Metric::name));
        }
        if ((from == null) == (last == null)) {
            throw new UsageException(
                    "the range is " + (from == null ? "missing" : "given twice") + "; give either --from or --last");
        }
        List<Metric<?>> asked = metrics.stream().<Metric<?>>map(this::metric).toList();
        ZoneId timeZone = Notation.zone("--zone", zone);
        Instant start = last != null
                ? Instant.now().minus(Notation.last("--last", last))
                : Notation.time("--from", from == null ? "" : from, timeZone);
        AnalyticsBuilder question = QueryBuilder.analytics()
                .metrics(asked.toArray(new Metric<?>[0]))
                .in(timeZone)
                .every(Notation.frequency("--every", every))
                .traffic(traffic)
                .where(where.stream()
                        .map(text -> Notation.filter("--where", text))
                        .toArray(Filter[]::new))
                .groupBy(groupBy.stream()
                        .map(name -> Notation.dimension("--group-by", name))
                        .toArray(Dimension<?>[]::new))
                .having(having.stream().map(this::having).toArray(Having[]::new));
        question = to == null ? question.since(start) : question.between(start, Notation.time("--to", to, timeZone));
        return refined(question, asked.get(0), timeZone).build();
    }

    /** Adds what most questions go without. */
    private AnalyticsBuilder refined(AnalyticsBuilder plain, Metric<?> first, ZoneId timeZone) {
        AnalyticsBuilder question = plain;
        if (top != null) {
            question = question.top(top, topBy == null ? first : metric(topBy));
        } else if (topBy != null) {
            throw new UsageException("--top-by is given without --top; give both");
        }
        if (delta) {
            question = question.withDelta();
        }
        if (comparedWith != null) {
            question = question.comparedWith(Notation.comparison("--compared-with", comparedWith));
        }
        if (totals) {
            question = question.withTotals();
        }
        if (onlyTraffic) {
            question = question.onlyBucketsWithTraffic();
        }
        if (asOf != null) {
            question = question.asOf(Notation.time("--as-of", asOf, timeZone));
        }
        return question;
    }

    private Metric<?> metric(String name) {
        Metric<?> found = Notation.metric("the metric", name);
        return found instanceof DistributionMetric distribution && !percentiles.isEmpty()
                ? distribution.withPercentiles(
                        percentiles.stream().mapToDouble(Double::doubleValue).toArray())
                : found;
    }

    private Having having(String text) {
        return Notation.having("--having", text, this::metric);
    }
}
