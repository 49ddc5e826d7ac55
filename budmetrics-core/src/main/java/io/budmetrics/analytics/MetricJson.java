package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Quantity;
import io.budmetrics.internal.filter.FilterJson;
import io.budmetrics.internal.json.JsonFields;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metrics as JSON: what a question says of those whose names alone do not tell what they are. */
final class MetricJson {
    private static final String METRIC = "metric";
    private static final String NAME = "name";
    private static final String RATIO = "ratio";
    private static final String SUM = "sum";
    private static final String DIFFERENCE = "difference";
    private static final String PARTS = "parts";
    private static final String PER = "per";
    private static final String REQUESTS_WHERE = "requests_where";
    private static final String DISTRIBUTION = "distribution";
    private static final String TOTAL = "total";
    private static final String OF = "of";
    private static final String WHERE = "where";
    private static final String MINIMUM = "minimum_sample";
    private static final String CONFIDENCE = "confidence";

    private MetricJson() {}

    /** What {@link Metric#parameters()} said of a metric that is named at one place and described at another. */
    static Metric<?> read(String at, String place, String name, Map<String, Object> given) {
        Object kind = given.get(METRIC);
        if (RATIO.equals(kind)) {
            return derived(name, JsonFields.of(place, place + ".", given, List.of(METRIC, PARTS, PER)));
        }
        if (SUM.equals(kind) || DIFFERENCE.equals(kind)) {
            return derived(name, JsonFields.of(place, place + ".", given, List.of(METRIC, PARTS)));
        }
        if (REQUESTS_WHERE.equals(kind)) {
            JsonFields fields = JsonFields.of(place, place + ".", given, List.of(METRIC, WHERE, MINIMUM));
            Filter where = where(fields)
                    .orElseThrow(() -> BudMetricsException.invalidQuery(
                            fields.place(WHERE) + " is missing; give an object with conditions on requests"));
            return sampled(fields, JsonFields.at(place, () -> Metrics.requestsWhere(name, where)));
        }
        if (DISTRIBUTION.equals(kind)) {
            JsonFields fields =
                    JsonFields.of(place, place + ".", given, List.of(METRIC, OF, WHERE, MINIMUM, CONFIDENCE));
            Quantity<?> quantity = quantity(fields);
            Optional<Filter> where = where(fields);
            DistributionMetric metric = JsonFields.at(
                    place,
                    () -> where.isPresent()
                            ? Metrics.distribution(name, quantity, where.get())
                            : Metrics.distribution(name, quantity));
            Optional<Integer> confidence = fields.whole(CONFIDENCE);
            return sampled(
                    fields,
                    confidence.isPresent()
                            ? JsonFields.at(
                                    fields.place(CONFIDENCE),
                                    () -> metric.withIntervals(Confidence.ofPercent(confidence.get())))
                            : metric);
        }
        if (TOTAL.equals(kind)) {
            JsonFields fields = JsonFields.of(place, place + ".", given, List.of(METRIC, OF, WHERE));
            Quantity<?> quantity = quantity(fields);
            Optional<Filter> where = where(fields);
            return JsonFields.at(
                    place,
                    () -> where.isPresent()
                            ? Metrics.total(name, quantity, where.get())
                            : Metrics.total(name, quantity));
        }
        return JsonFields.at(at, () -> Metrics.named(name, given));
    }

    private static Optional<Filter> where(JsonFields fields) {
        return fields.object(WHERE, FilterJson.NAMES).map(FilterJson::all);
    }

    private static Quantity<?> quantity(JsonFields fields) {
        return fields.text(OF)
                .flatMap(Quantity::find)
                .orElseThrow(() -> BudMetricsException.invalidQuery(
                        fields.place(OF) + " is not a quantity; give one of " + Quantity.all()));
    }

    private static Metric<?> sampled(JsonFields fields, Metric<?> metric) {
        Optional<Integer> minimum = fields.whole(MINIMUM);
        return minimum.isPresent()
                ? JsonFields.at(fields.place(MINIMUM), () -> metric.withMinimumSample(minimum.get()))
                : metric;
    }

    private static Metric<?> derived(String name, JsonFields fields) {
        List<Metric<?>> parts = new ArrayList<>();
        fields.textsOrObjects(PARTS).forEach((at, part) -> parts.add(part(at, part)));
        if (parts.size() != 2) {
            throw BudMetricsException.invalidQuery(fields.place(PARTS) + " has " + parts.size() + " metrics; give two");
        }
        long per = fields.whole(PER).orElse(1);
        String kind = fields.text(METRIC).orElse("");
        return JsonFields.at(fields.place(), () -> derived(kind, name, parts.get(0), parts.get(1), per));
    }

    private static <L extends MetricValue, R extends MetricValue> Metric<?> derived(
            String kind, String name, Metric<L> left, Metric<R> right, long per) {
        return switch (kind) {
            case RATIO -> Metrics.ratio(name, left, right, per);
            case SUM -> Metrics.sum(name, left, right);
            default -> Metrics.difference(name, left, right);
        };
    }

    /** A name of the catalogue, or an object with the name of what it describes. */
    private static Metric<?> part(String at, Object part) {
        if (part instanceof String name) {
            return catalogued(at, name, "");
        }
        Map<String, Object> given = new LinkedHashMap<>();
        ((Map<?, ?>) part).forEach((key, value) -> given.put(key.toString(), value));
        if (!(given.remove(NAME) instanceof String name)) {
            throw BudMetricsException.invalidQuery(at + " has no name; give the name of the metric as a text");
        }
        return read(at, at, name, given);
    }

    static Metric<?> catalogued(String at, String name, String instead) {
        return find(name)
                .orElseThrow(() -> BudMetricsException.invalidQuery(
                        at + " is not a metric; give one of " + Metrics.all() + instead));
    }

    /** The metric of the catalogue, if one is named so. */
    static Optional<Metric<?>> find(String name) {
        return Metrics.all().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst();
    }
}
