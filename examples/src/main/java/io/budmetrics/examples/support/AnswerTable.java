package io.budmetrics.examples.support;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Bucket;
import io.budmetrics.analytics.BucketRows;
import io.budmetrics.analytics.Group;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.examples.support.Table.Kind;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.Share;
import io.budmetrics.time.Frequency;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Prints any answer as a table: a line for each bucket and group, a column or two for each metric. */
public final class AnswerTable {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final String CURRENCY = "currency";
    private static final String PARTIAL = "*";
    private static final String THEN = "since then";
    private static final DateTimeFormatter DAYS = DateTimeFormatter.ofPattern("uuuu-MM-dd EEE", Locale.ENGLISH);

    /** A number taken from the value of a metric. */
    private record Field(String name, String unit, Kind kind, Function<MetricValue, OptionalDouble> read) {}

    private AnswerTable() {}

    /**
     * Writes an answer as a table.
     *
     * @param title the line above it
     * @param answer the answer
     * @param names gives the name of a dimension's value
     * @param out where to
     */
    public static void print(
            String title, AnalyticsAnswer answer, BiFunction<Dimension<?>, Object, String> names, PrintStream out) {
        AnalyticsQuestion question = answer.question();
        List<Row> rows = answer.rows();
        boolean manyPeriods = rows.stream().map(Row::bucket).distinct().count() > 1;
        Table table = new Table(
                manyPeriods || rows.isEmpty()
                        ? title
                        : title + ", " + span(question, rows.get(0).bucket()));
        if (manyPeriods) {
            table.column("Bucket", name(question.range().zone()), Kind.TEXT);
        }
        question.groupBy().forEach(dimension -> table.column(headerOf(dimension), "", Kind.TEXT));
        List<List<Field>> fields = new ArrayList<>();
        for (Metric<?> metric : question.metrics()) {
            List<Field> ofMetric = fieldsOf(metric);
            fields.add(ofMetric);
            boolean alone = ofMetric.size() == 1
                    && !question.withDelta()
                    && question.comparison().isEmpty();
            for (int f = 0; f < ofMetric.size(); f++) {
                Field field = ofMetric.get(f);
                table.column(
                        alone ? "" : metric.title(), alone ? metric.title() : field.name(), field.unit(), field.kind());
                if (f == 0 && question.withDelta()) {
                    table.column(metric.title(), "change", "%", Kind.CHANGE);
                }
                if (f == 0 && question.comparison().isPresent()) {
                    table.column(metric.title(), THEN, "%", Kind.CHANGE);
                }
            }
            if (metric.unit().equals(CURRENCY) && !rows.isEmpty()) {
                table.note("Cost", "in the currency of the records");
            }
        }
        Lines lines = new Lines(table, question, fields, manyPeriods, names);
        boolean ofAll = question.withTotals() && !question.groupBy().isEmpty();
        for (BucketRows period : answer.buckets()) {
            period.rows().forEach(lines::add);
            if (ofAll && manyPeriods) {
                lines.add(period.total());
            }
        }
        if (ofAll && manyPeriods) {
            answer.series().forEach(series -> lines.addTotal(series.total()));
        }
        if (question.withTotals() && (ofAll || manyPeriods)) {
            lines.addTotal(answer.total());
        }
        question.compared()
                .ifPresent(then -> table.note(
                        THEN,
                        "of "
                                + span(
                                        question.range().zone(),
                                        then.range().from(),
                                        then.range().end())));
        table.print(out);
    }

    /** What every line of a table needs. */
    private record Lines(
            Table table,
            AnalyticsQuestion question,
            List<List<Field>> fields,
            boolean manyPeriods,
            BiFunction<Dimension<?>, Object, String> names) {
        void add(Row row) {
            add(label(row.bucket(), question) + mark(row.bucket()), row);
            if (row.bucket().partial()) {
                table.note(PARTIAL, "incomplete: the question covers only a part of this bucket");
            }
        }

        void addTotal(Row row) {
            add(SafeText.TOTAL, row);
        }

        private void add(String period, Row row) {
            if (manyPeriods) {
                table.text(period);
            }
            AnswerTable.names(row.group(), question.groupBy(), names).forEach(table::text);
            if (row.group().dimensions().stream()
                            .anyMatch(dimension -> row.group().get(dimension).isEmpty())
                    && !row.group().isOthers()) {
                table.note(SafeText.MISSING, "requests for which it is not known");
            }
            for (int m = 0; m < fields.size(); m++) {
                cells(table, row, question, question.metrics().get(m), fields.get(m));
            }
        }
    }

    private static void cells(Table table, Row row, AnalyticsQuestion question, Metric<?> metric, List<Field> fields) {
        MetricValue value = row.get(metric);
        String absence = reason(value);
        for (int f = 0; f < fields.size(); f++) {
            OptionalDouble number = fields.get(f).read().apply(value);
            if (number.isPresent()) {
                table.number(number.getAsDouble());
            } else {
                table.absent(absence);
            }
            if (f == 0 && question.withDelta()) {
                change(table, row.delta(metric), number.isPresent() ? "no value in the bucket before" : absence);
            }
            if (f == 0 && question.comparison().isPresent()) {
                change(table, row.comparison(metric), number.isPresent() ? "no value then" : absence);
            }
        }
    }

    private static void change(Table table, Delta delta, String absence) {
        if (delta.ratio().isEmpty()) {
            table.absent(delta.change().isEmpty() ? absence : "no percentage: it was 0");
        } else if (delta.comparable()) {
            table.number(100 * delta.ratio().getAsDouble());
        } else {
            table.number(100 * delta.ratio().getAsDouble(), "~", "the two buckets do not cover the same time");
        }
    }

    /**
     * Why the headline value of a metric is absent.
     *
     * @param value the value
     * @return a human-readable reason
     */
    public static String reason(MetricValue value) {
        return value.absence().map(AnswerTable::words).orElse("not measured");
    }

    private static String words(Absence absence) {
        return switch (absence) {
            case NO_TRAFFIC -> "no traffic";
            case NOT_MEASURED -> "not measured";
            case UNDEFINED -> "undefined: the denominator is 0";
            case TOO_FEW -> "too few samples";
        };
    }

    private static List<Field> fieldsOf(Metric<?> metric) {
        if (metric instanceof DistributionMetric distribution) {
            List<Field> fields = new ArrayList<>();
            fields.add(new Field(metric.headlineName(), metric.unit(), Kind.QUANTITY, MetricValue::headline));
            for (double level : distribution.percentiles()) {
                fields.add(new Field(
                        percentile(level),
                        metric.unit(),
                        Kind.QUANTITY,
                        value -> value instanceof Distribution statistics
                                ? statistics.percentile(level)
                                : OptionalDouble.empty()));
            }
            return fields;
        }
        if (metric.equals(Metrics.SUCCESSFUL_REQUESTS)
                || metric.equals(Metrics.FAILED_REQUESTS)
                || metric.equals(Metrics.BLOCKED_REQUESTS)) {
            return List.of(
                    new Field(
                            metric.headlineName(),
                            "",
                            Kind.COUNT,
                            value -> value instanceof Share share ? whole(share.count()) : OptionalDouble.empty()),
                    new Field(
                            "share",
                            "%",
                            Kind.PERCENT,
                            value -> value instanceof Share share ? percent(share.ratio()) : OptionalDouble.empty()));
        }
        String name = metric.headlineName();
        return switch (metric.unit()) {
            case "ratio" -> List.of(new Field(name, "%", Kind.PERCENT, value -> percent(value.headline())));
            case CURRENCY -> List.of(new Field(name, "", Kind.MONEY, MetricValue::headline));
            default -> List.of(new Field(name, unit(metric), kind(metric), MetricValue::headline));
        };
    }

    private static Kind kind(Metric<?> metric) {
        boolean whole =
                switch (metric.unit()) {
                    case "requests", "tokens", "users" -> !metric.equals(Metrics.AVERAGE_CONCURRENCY);
                    default -> false;
                };
        return whole ? Kind.COUNT : Kind.QUANTITY;
    }

    private static OptionalDouble percent(OptionalDouble ratio) {
        return ratio.isPresent() ? OptionalDouble.of(100 * ratio.getAsDouble()) : ratio;
    }

    private static OptionalDouble whole(OptionalLong number) {
        return number.isPresent() ? OptionalDouble.of((double) number.getAsLong()) : OptionalDouble.empty();
    }

    private static String percentile(double level) {
        String text = String.format(Locale.ROOT, "%.4f", 100 * level);
        return "p" + text.replaceFirst("\\.?0+$", "");
    }

    private static String headerOf(Dimension<?> dimension) {
        String words = dimension.name().replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static List<String> names(
            Group group, List<Dimension<?>> dimensions, BiFunction<Dimension<?>, Object, String> names) {
        List<String> texts = new ArrayList<>();
        for (Dimension<?> dimension : dimensions) {
            texts.add(
                    group.isOthers() || group.dimensions().isEmpty()
                            ? (texts.isEmpty() ? (group.isOthers() ? SafeText.OTHERS : SafeText.ALL) : "")
                            : group.get(dimension)
                                    .map(value -> SafeText.name(names.apply(dimension, value)))
                                    .orElse(SafeText.MISSING));
        }
        return texts;
    }

    /** Days and longer by their first day, shorter ones by their first minute. */
    private static String label(Bucket period, AnalyticsQuestion question) {
        Frequency.Unit unit = question.frequency().unit();
        boolean withinDay = unit == Frequency.Unit.MINUTE || unit == Frequency.Unit.HOUR;
        return (withinDay ? MINUTES : DAYS)
                .format(period.from().atZone(question.range().zone()));
    }

    private static String span(AnalyticsQuestion question, Bucket period) {
        return span(question.range().zone(), period.coveredFrom(), period.coveredTo()) + mark(period);
    }

    private static String span(ZoneId zone, Instant from, Instant to) {
        return MINUTES.format(from.atZone(zone)) + " to " + MINUTES.format(to.atZone(zone)) + " " + name(zone);
    }

    private static String mark(Bucket period) {
        return period.partial() ? " " + PARTIAL : "";
    }

    private static String name(ZoneId zone) {
        return zone.getId().equals("Z") ? "UTC" : zone.getId();
    }

    /** A unit that only repeats the name says nothing. */
    private static String unit(Metric<?> metric) {
        return metric.title().toLowerCase(Locale.ROOT).contains(metric.unit()) ? "" : metric.unit();
    }
}
