package io.budmetrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A question as JSON: the fields of the seed's request, and the new ones where they are not the default. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record QuestionJson(
        @JsonProperty("metrics") @Nullable List<String> metrics,
        @JsonProperty("from_date") @Nullable String fromDate,
        @JsonProperty("to_date") @Nullable String toDate,
        @JsonProperty("frequency_unit") @Nullable String frequencyUnit,
        @JsonProperty("frequency_interval") @Nullable Integer frequencyInterval,
        @JsonProperty("filters") @Nullable Map<String, @Nullable Object> filters,
        @JsonProperty("group_by") @Nullable List<String> groupBy,
        @JsonProperty("return_delta") @Nullable Boolean returnDelta,
        @JsonProperty("fill_time_gaps") @Nullable Boolean fillTimeGaps,
        @JsonProperty("topk") @Nullable Integer topk,
        @JsonProperty("data_source") @Nullable String dataSource,
        @JsonProperty("topk_by") @Nullable String topkBy,
        @JsonProperty("topk_smallest_first") @Nullable Boolean topkSmallestFirst,
        @JsonProperty("percentiles") @Nullable Map<String, List<Double>> percentiles,
        @JsonProperty("parameters") @Nullable Map<String, Map<String, Object>> parameters,
        @JsonProperty("time_zone") @Nullable String timeZone,
        @JsonProperty("week_start") @Nullable String weekStart,
        @JsonProperty("as_of") @Nullable String asOf,
        @JsonProperty("look_back") @Nullable String lookBack,
        @JsonProperty("details") @Nullable Boolean details) {
    static QuestionJson of(AnalyticsQuestion question) {
        Map<String, @Nullable Object> filters = new LinkedHashMap<>();
        for (Filter filter : question.filters()) {
            if (filter instanceof Filter.In in) {
                filters.put(
                        in.dimension().name(),
                        in.values().stream().map(Object::toString).toList());
            }
        }
        Map<String, List<Double>> percentiles = new LinkedHashMap<>();
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        List<Metric<?>> named = new ArrayList<>(question.metrics());
        question.top().ifPresent(top -> named.add(top.by()));
        for (Metric<?> metric : named) {
            if (metric instanceof DistributionMetric<?> sample && !sample.equals(Metrics.named(sample.name()))) {
                percentiles.put(sample.name(), sample.percentiles());
            }
            if (!metric.parameters().isEmpty()) {
                parameters.put(metric.name(), metric.parameters());
            }
        }
        Metric<?> first = question.metrics().get(0);
        Optional<TopN> top = question.top();
        return new QuestionJson(
                question.metrics().stream().map(Metric::name).toList(),
                question.from().toString(),
                question.to().map(Instant::toString).orElse(null),
                question.frequency().unit().jsonName(),
                question.frequency().interval(),
                filters.isEmpty() ? null : filters,
                question.groupBy().isEmpty()
                        ? null
                        : question.groupBy().stream().map(Dimension::name).toList(),
                question.withDelta(),
                question.dense(),
                top.map(TopN::size).orElse(null),
                question.trafficSource().jsonName(),
                top.filter(value -> !value.by().name().equals(first.name()))
                        .map(value -> value.by().name())
                        .orElse(null),
                top.filter(value -> value.smallestFirst() != value.by().smallestFirst())
                        .map(TopN::smallestFirst)
                        .orElse(null),
                percentiles.isEmpty() ? null : percentiles,
                parameters.isEmpty() ? null : parameters,
                question.zone().equals(ZoneOffset.UTC) ? null : question.zone().getId(),
                question.frequency().weekStart() == DayOfWeek.MONDAY
                        ? null
                        : Frequency.name(question.frequency().weekStart()),
                question.asOf().map(Instant::toString).orElse(null),
                question.lookBack().equals(AnalyticsQuestion.DEFAULT_LOOK_BACK)
                        ? null
                        : question.lookBack().toString(),
                question.details() ? true : null);
    }

    AnalyticsQuestion toQuestion() {
        List<Metric<?>> asked = new ArrayList<>();
        for (String name : orEmpty(metrics)) {
            asked.add(metric(name));
        }
        if (asked.isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    "metrics is missing or empty; name at least one, such as request_count");
        }
        List<Filter> conditions = new ArrayList<>();
        if (filters != null) {
            filters.forEach(
                    (name, values) -> conditions.add(Dimension.named(name).parseFilter(values)));
        }
        List<Dimension<?>> dimensions = new ArrayList<>();
        for (String name : orEmpty(groupBy)) {
            dimensions.add(Dimension.named(name));
        }
        return new AnalyticsQuestion(
                asked,
                instant("from_date", fromDate)
                        .orElseThrow(() -> BudMetricsException.invalidQuery(
                                "from_date is missing; give the start of the range as an ISO date-time")),
                instant("to_date", toDate),
                instant("as_of", asOf),
                new Frequency(
                        Objects.requireNonNullElse(frequencyInterval, 1),
                        frequencyUnit == null ? Frequency.Unit.DAY : Frequency.Unit.named(frequencyUnit),
                        firstDayOfWeek()),
                zone(),
                conditions,
                dimensions,
                topN(asked.get(0)),
                Objects.requireNonNullElse(returnDelta, true),
                Objects.requireNonNullElse(fillTimeGaps, true),
                dataSource == null ? TrafficSource.INFERENCE : TrafficSource.named(dataSource),
                lookBackOrDefault(),
                Objects.requireNonNullElse(details, false));
    }

    private Metric<?> metric(String name) {
        Map<String, Object> given = parameters == null ? null : parameters.get(name);
        Metric<?> metric = given == null ? Metrics.named(name) : Metrics.named(name, given);
        List<Double> levels = percentiles == null ? null : percentiles.get(name);
        if (levels == null) {
            return metric;
        }
        if (!(metric instanceof DistributionMetric<?> sample)) {
            throw BudMetricsException.invalidQuery(
                    "percentiles: " + metric + " has none; they belong to durations such as latency");
        }
        return sample.withPercentiles(
                levels.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private Optional<TopN> topN(Metric<?> first) {
        if (topk == null) {
            return Optional.empty();
        }
        Metric<?> by = topkBy == null ? first : metric(topkBy);
        return Optional.of(new TopN(topk, by, Objects.requireNonNullElse(topkSmallestFirst, by.smallestFirst())));
    }

    private DayOfWeek firstDayOfWeek() {
        if (weekStart == null) {
            return DayOfWeek.MONDAY;
        }
        for (DayOfWeek day : DayOfWeek.values()) {
            if (Frequency.name(day).equals(weekStart)) {
                return day;
            }
        }
        throw BudMetricsException.invalidQuery("week_start: not a day of the week; write monday or sunday");
    }

    private ZoneId zone() {
        if (timeZone == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(timeZone);
        } catch (DateTimeException unknown) {
            throw BudMetricsException.invalidQuery("time_zone: not a zone this JVM knows; use " + zoneLike(timeZone)
                    + ", an offset such as +05:30, or UTC");
        }
    }

    /** The zone that was probably meant: the same letters in another case, a city alone, or an old short name. */
    private static String zoneLike(String unknown) {
        String wanted = unknown.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
        String old = ZoneId.SHORT_IDS.getOrDefault(wanted.toUpperCase(Locale.ROOT), "");
        return Stream.concat(
                        Stream.of(old), ZoneId.getAvailableZoneIds().stream().sorted())
                .filter(id -> id.contains("/"))
                .filter(id -> id.equals(old)
                        || id.equalsIgnoreCase(wanted)
                        || (!wanted.isEmpty() && id.toLowerCase(Locale.ROOT).endsWith("/" + wanted)))
                .findFirst()
                .orElse("an IANA name such as Europe/Paris");
    }

    private Duration lookBackOrDefault() {
        if (lookBack == null) {
            return AnalyticsQuestion.DEFAULT_LOOK_BACK;
        }
        try {
            return Duration.parse(lookBack);
        } catch (DateTimeException malformed) {
            throw BudMetricsException.invalidQuery("look_back: not an ISO duration; write PT1H for an hour");
        }
    }

    /** The seed's clients send times without an offset and mean UTC. */
    private static Optional<Instant> instant(String field, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String iso = text.replace(' ', 'T');
        try {
            return Optional.of(OffsetDateTime.parse(iso).toInstant());
        } catch (DateTimeException noOffset) {
            try {
                return Optional.of(LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException malformed) {
                throw BudMetricsException.invalidQuery(field + ": not an ISO date-time; write 2026-01-07T00:00:00Z");
            }
        }
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }
}
