package io.budmetrics.analytics;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.budmetrics.analytics.GivenCells.GivenRow;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * An answer as JSON: the response of the REST API that it is compatible with, newest bucket first; with details also what is needed to read it back. What is
 * wrong with JSON that is read is reported by the names of its fields.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record AnswerJson(
        @JsonProperty("object") @Nullable String object,
        @JsonProperty("items") @Nullable List<@Nullable PeriodJson> items,
        @JsonProperty("total") @Nullable ItemJson total,
        @JsonProperty("group_totals") @Nullable List<@Nullable ItemJson> groupTotals,
        @JsonProperty("compared") @Nullable AnswerJson compared,
        @JsonProperty("question") @Nullable AnalyticsQuestion question,
        @JsonProperty("groups") @Nullable List<@Nullable ItemJson> groups,
        @JsonProperty("hidden") @Nullable List<@Nullable PeriodJson> hidden) {
    private static final String OBJECT = "observability_metrics";

    /** What the compatible REST API groups by, each in a field of its own. */
    private static final List<Dimension<?>> IN_FIELDS = List.of(
            Dimension.MODEL,
            Dimension.PROJECT,
            Dimension.ENDPOINT,
            Dimension.API_KEY,
            Dimension.USER_PROJECT,
            Dimension.PROMPT);

    /** One bucket. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record PeriodJson(
            @JsonProperty("time_period") @Nullable String timePeriod,
            @JsonProperty("to") @Nullable String to,
            @JsonProperty("partial") @Nullable Boolean partial,
            @JsonProperty("covered_seconds") @Nullable JsonNumber coveredSeconds,
            @JsonProperty("items") @Nullable List<@Nullable ItemJson> items,
            @JsonProperty("total") @Nullable ItemJson total) {}

    /** One group in one bucket. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ItemJson(
            @JsonProperty("model_id") @Nullable String modelId,
            @JsonProperty("project_id") @Nullable String projectId,
            @JsonProperty("endpoint_id") @Nullable String endpointId,
            @JsonProperty("api_key_id") @Nullable String apiKeyId,

            @JsonProperty("api_key_project_id") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String apiKeyProjectId,

            @JsonProperty("prompt_id") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String promptId,

            @JsonProperty("dimensions") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, @Nullable Object> dimensions,

            @JsonProperty("others") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean others,

            @JsonProperty("requests") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long requests,

            @JsonProperty("data") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, @Nullable Map<String, @Nullable JsonNumber>> data) {
        @Nullable
        String value(Dimension<?> dimension) {
            if (!IN_FIELDS.contains(dimension)) {
                Object value = dimensions == null ? null : dimensions.get(dimension.name());
                return value == null ? null : value.toString();
            }
            return switch (dimension.name()) {
                case "model" -> modelId;
                case "project" -> projectId;
                case "endpoint" -> endpointId;
                case "api_key" -> apiKeyId;
                case "user_project" -> apiKeyProjectId;
                default -> promptId;
            };
        }

        Group group(List<Dimension<?>> grouped) {
            if (grouped.isEmpty()) {
                return Group.everything();
            }
            if (Boolean.TRUE.equals(others)) {
                return Group.others(grouped);
            }
            @Nullable Object[] values = new @Nullable Object[grouped.size()];
            for (int i = 0; i < values.length; i++) {
                String value = value(grouped.get(i));
                values[i] = value == null ? null : grouped.get(i).parse(value);
            }
            return Group.ofValues(grouped, values);
        }

        GivenRow row(AnalyticsQuestion question) {
            long arrived = Objects.requireNonNullElse(requests, 0L);
            Map<String, MetricValue> values = new HashMap<>();
            for (Metric<?> metric : question.metrics()) {
                values.put(metric.name(), value(metric, arrived));
            }
            return new GivenRow(arrived, values);
        }

        private MetricValue value(Metric<?> metric, long arrived) {
            Map<String, @Nullable JsonNumber> numbers = data == null ? null : data.get(metric.name());
            Map<String, @Nullable BigDecimal> fields = new HashMap<>();
            if (numbers != null) {
                numbers.forEach((name, number) -> fields.put(name, number == null ? null : number.value()));
            }
            try {
                return Internals.of(metric).parse(fields, arrived);
            } catch (BudMetricsException impossible) {
                throw BudMetricsException.invalidQuery("data." + metric + ": " + impossible.reason());
            } catch (ArithmeticException notWhole) {
                throw BudMetricsException.invalidQuery("data." + metric + " has a fraction where requests or tokens are"
                        + " counted; give whole numbers");
            }
        }
    }

    static AnswerJson of(AnalyticsAnswer answer) {
        AnalyticsQuestion question = answer.question();
        AnswerJson compared = question.comparison().isPresent() ? of(answer.compared()) : null;
        List<@Nullable PeriodJson> periods = new ArrayList<>();
        for (BucketRows period : answer.buckets()) {
            periods.add(period(answer, period.number(), period.rows()));
        }
        Collections.reverse(periods);
        ItemJson total = null;
        List<@Nullable ItemJson> groupTotals = null;
        if (question.withTotals()) {
            total = item(question, answer.total());
            groupTotals = new ArrayList<>();
            for (Series series : answer.series()) {
                groupTotals.add(item(question, series.total()));
            }
        }
        if (!question.showsDetails()) {
            return new AnswerJson(OBJECT, periods, total, groupTotals, compared, null, null, null);
        }
        List<@Nullable ItemJson> groups = new ArrayList<>();
        answer.groups().forEach(group -> groups.add(item(question, group, null, null)));
        List<@Nullable PeriodJson> hidden = new ArrayList<>();
        answer.hidden().forEach((bucket, rows) -> hidden.add(period(answer, bucket, rows)));
        return new AnswerJson(
                OBJECT, periods, total, groupTotals, compared, question, groups, hidden.isEmpty() ? null : hidden);
    }

    private static PeriodJson period(AnalyticsAnswer answer, int bucket, List<Row> rows) {
        AnalyticsQuestion question = answer.question();
        Bucket period = answer.bucketAt(bucket);
        boolean details = question.showsDetails();
        List<@Nullable ItemJson> items = new ArrayList<>();
        for (Row row : rows) {
            items.add(item(question, row));
        }
        return new PeriodJson(
                period.from().toString(),
                details ? period.to().toString() : null,
                details ? period.partial() : null,
                details ? JsonNumber.of(period.coveredSeconds()) : null,
                items,
                question.withTotals() ? item(question, answer.total(answer.everything(), bucket)) : null);
    }

    private static ItemJson item(AnalyticsQuestion question, Row row) {
        return item(question, row.group(), question.showsDetails() ? row.requests() : null, data(question, row));
    }

    private static Map<String, @Nullable Map<String, @Nullable JsonNumber>> data(AnalyticsQuestion question, Row row) {
        Map<String, @Nullable Map<String, @Nullable JsonNumber>> data = new LinkedHashMap<>();
        for (Metric<?> metric : question.metrics()) {
            Map<String, @Nullable JsonNumber> fields = new LinkedHashMap<>();
            fields(metric, row, question.showsDetails())
                    .forEach((name, number) -> fields.put(name, number == null ? null : JsonNumber.of(number)));
            boolean compared = question.withDelta() && row.number() >= 0;
            fields.put("delta", compared ? number(row.delta(metric).change(), 1) : null);
            fields.put("delta_percent", compared ? number(row.delta(metric).ratio(), 100) : null);
            if (question.comparison().isPresent() && row.number() >= 0) {
                fields.put("comparison", number(row.comparison(metric).change(), 1));
                fields.put("comparison_percent", number(row.comparison(metric).ratio(), 100));
            }
            data.put(metric.name(), fields);
        }
        return data;
    }

    private static <V extends MetricValue> Map<String, @Nullable Number> fields(
            Metric<V> metric, Row row, boolean details) {
        return Internals.of(metric).fields(row.get(metric), details);
    }

    private static @Nullable JsonNumber number(OptionalDouble value, int factor) {
        return value.isPresent() && Double.isFinite(value.getAsDouble() * factor)
                ? JsonNumber.of(value.getAsDouble() * factor)
                : null;
    }

    private static ItemJson item(
            AnalyticsQuestion question,
            Group group,
            @Nullable Long requests,
            @Nullable Map<String, @Nullable Map<String, @Nullable JsonNumber>> data) {
        return new ItemJson(
                id(question, group, Dimension.MODEL),
                id(question, group, Dimension.PROJECT),
                id(question, group, Dimension.ENDPOINT),
                id(question, group, Dimension.API_KEY),
                id(question, group, Dimension.USER_PROJECT),
                id(question, group, Dimension.PROMPT),
                dimensions(group),
                group.isOthers() ? true : null,
                requests,
                data);
    }

    /** The values that have no field of their own. */
    private static @Nullable Map<String, @Nullable Object> dimensions(Group group) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Dimension<?> dimension : group.dimensions()) {
            if (!IN_FIELDS.contains(dimension)) {
                values.put(dimension.name(), group.get(dimension).orElse(null));
            }
        }
        return values.isEmpty() ? null : values;
    }

    /** Without groups, a filter on one value says whose numbers these are. */
    private static @Nullable String id(AnalyticsQuestion question, Group group, Dimension<?> dimension) {
        if (group.dimensions().contains(dimension)) {
            return group.get(dimension).map(Object::toString).orElse(null);
        }
        if (group.dimensions().isEmpty()) {
            for (Filter filter : question.filters()) {
                if (filter instanceof Filter.In in
                        && in.dimension().equals(dimension)
                        && in.values().size() == 1) {
                    return in.values().get(0).toString();
                }
            }
        }
        return null;
    }

    AnalyticsAnswer toAnswer() {
        if (question == null) {
            throw BudMetricsException.invalidQuery(
                    "this answer's JSON has no question, so it cannot be read back; ask the question withDetails()");
        }
        List<Group> named = new ArrayList<>();
        if (question.groupBy().isEmpty()) {
            named.add(Group.everything());
        }
        for (ItemJson group : present(groups)) {
            named.add(group.group(question.groupBy()));
        }
        return toAnswer(question, named);
    }

    private AnalyticsAnswer toAnswer(AnalyticsQuestion asked, List<Group> asGroups) {
        BucketAxis axis = BucketAxis.of(asked.range(), asked.frequency());
        GivenCells cells = new GivenCells(asked, axis);
        asGroups.forEach(cells::add);
        for (List<PeriodJson> periods : List.of(present(items), present(hidden))) {
            for (PeriodJson period : periods) {
                int bucket = bucket(axis, asked.withDelta() ? -1 : 0, period.timePeriod());
                for (ItemJson item : present(period.items())) {
                    cells.put(item.group(asked.groupBy()), bucket, item.row(asked));
                }
                if (period.total() != null) {
                    cells.put(Group.everything(), bucket, period.total().row(asked));
                }
            }
        }
        for (ItemJson group : present(groupTotals)) {
            cells.put(group.group(asked.groupBy()), Cells.WHOLE_RANGE, group.row(asked));
        }
        if (total != null) {
            cells.put(Group.everything(), Cells.WHOLE_RANGE, total.row(asked));
        }
        AnalyticsQuestion other = asked.compared().orElse(null);
        if (other == null) {
            return new AnalyticsAnswer(asked, axis, cells, null);
        }
        if (compared == null) {
            throw BudMetricsException.invalidQuery(
                    "compared is missing; give the answer about the range that this one is compared with");
        }
        AnalyticsAnswer before = compared.toAnswer(other, cells.groups());
        if (before.groups().size() > cells.groups().size()) {
            throw BudMetricsException.invalidQuery("compared has a group that groups does not name; add it there");
        }
        return new AnalyticsAnswer(asked, axis, cells, before);
    }

    private static int bucket(BucketAxis axis, int first, @Nullable String timePeriod) {
        try {
            int bucket = axis.startingAt(Micros.roundedUp(Instant.parse(Objects.requireNonNullElse(timePeriod, ""))));
            if (bucket >= first) {
                return bucket;
            }
        } catch (DateTimeException | ArithmeticException | BudMetricsException unknown) {
            // said below
        }
        throw BudMetricsException.invalidQuery(
                "time_period is not the start of a bucket of the question; give it as 2026-01-07T00:00:00Z");
    }

    private static <T> List<T> present(@Nullable List<@Nullable T> list) {
        List<T> present = new ArrayList<>();
        if (list != null) {
            for (T element : list) {
                if (element != null) {
                    present.add(element);
                }
            }
        }
        return present;
    }
}
