package io.budmetrics.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.BucketAxis;
import io.budmetrics.query.Dimension;
import io.budmetrics.query.Filter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** An answer as JSON: the seed's response, newest period first; with details also what is needed to read it back. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record AnswerJson(
        @JsonProperty("object") @Nullable String object,
        @JsonProperty("items") @Nullable List<PeriodJson> items,
        @JsonProperty("question") @Nullable AnalyticsQuestion question,
        @JsonProperty("groups") @Nullable List<ItemJson> groups,
        @JsonProperty("before") @Nullable PeriodJson before) {
    private static final String OBJECT = "observability_metrics";

    /** One period. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    record PeriodJson(
            @JsonProperty("time_period") String timePeriod,
            @JsonProperty("to") @Nullable String to,
            @JsonProperty("partial") @Nullable Boolean partial,
            @JsonProperty("covered_seconds") @Nullable Double coveredSeconds,
            @JsonProperty("items") @Nullable List<ItemJson> items) {}

    /** One group in one period. */
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

            @JsonProperty("others") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean others,

            @JsonProperty("requests") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long requests,

            @JsonProperty("data") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, Map<String, @Nullable JsonNumber>> data) {
        @Nullable
        String id(Dimension<?> dimension) {
            return switch (dimension.name()) {
                case "model" -> modelId;
                case "project" -> projectId;
                case "endpoint" -> endpointId;
                case "api_key" -> apiKeyId;
                case "user_project" -> apiKeyProjectId;
                default -> promptId;
            };
        }

        Group group(List<Dimension<?>> dimensions) {
            if (dimensions.isEmpty()) {
                return Group.everything();
            }
            if (Boolean.TRUE.equals(others)) {
                return Group.others(dimensions);
            }
            @Nullable Object[] values = new @Nullable Object[dimensions.size()];
            for (int i = 0; i < values.length; i++) {
                String id = id(dimensions.get(i));
                values[i] = id == null ? null : dimensions.get(i).parse(id);
            }
            return Group.of(dimensions, values);
        }
    }

    static AnswerJson of(AnalyticsAnswer answer) {
        AnalyticsQuestion question = answer.question();
        boolean details = question.details();
        List<PeriodJson> periods = new ArrayList<>();
        for (int bucket = answer.axis().count() - 1; bucket >= 0; bucket--) {
            List<Row> rows = answer.rowsOf(bucket);
            if (question.dense() || !rows.isEmpty()) {
                periods.add(period(answer, bucket));
            }
        }
        return new AnswerJson(
                OBJECT,
                periods,
                details ? question.withAsOf(answer.asOf()) : null,
                details
                        ? answer.groups().stream()
                                .map(group -> item(question, group, null, null))
                                .toList()
                        : null,
                details && question.withDelta() ? period(answer, -1) : null);
    }

    private static PeriodJson period(AnalyticsAnswer answer, int bucket) {
        boolean details = answer.question().details();
        Period period = answer.period(bucket);
        List<ItemJson> items = new ArrayList<>();
        for (int group = 0; group < answer.groups().size(); group++) {
            long requests = answer.cells().requests(group, bucket);
            if (answer.question().dense() || requests > 0) {
                items.add(item(
                        answer.question(),
                        answer.groups().get(group),
                        details ? requests : null,
                        data(answer, group, bucket)));
            }
        }
        return new PeriodJson(
                period.from().toString(),
                details ? period.to().toString() : null,
                details ? period.partial() : null,
                details ? period.coveredSeconds() : null,
                items);
    }

    private static Map<String, Map<String, @Nullable JsonNumber>> data(AnalyticsAnswer answer, int group, int bucket) {
        AnalyticsQuestion question = answer.question();
        Map<String, Map<String, @Nullable JsonNumber>> data = new LinkedHashMap<>();
        for (int m = 0; m < question.metrics().size(); m++) {
            MetricValue value = answer.cells().value(m, group, bucket);
            Map<String, @Nullable JsonNumber> fields = new LinkedHashMap<>();
            value.fields(question.details())
                    .forEach((name, number) -> fields.put(name, number == null ? null : JsonNumber.of(number)));
            if (question.withDelta() && bucket >= 0) {
                Delta delta = answer.delta(m, group, bucket);
                fields.put("delta", number(delta.change(), 1));
                fields.put("delta_percent", number(delta.ratio(), 100));
            }
            data.put(question.metrics().get(m).name(), fields);
        }
        return data;
    }

    private static @Nullable JsonNumber number(OptionalDouble value, int factor) {
        return value.isPresent() ? JsonNumber.of(value.getAsDouble() * factor) : null;
    }

    private static ItemJson item(
            AnalyticsQuestion question,
            Group group,
            @Nullable Long requests,
            @Nullable Map<String, Map<String, @Nullable JsonNumber>> data) {
        return new ItemJson(
                id(question, group, Dimension.MODEL),
                id(question, group, Dimension.PROJECT),
                id(question, group, Dimension.ENDPOINT),
                id(question, group, Dimension.API_KEY),
                id(question, group, Dimension.USER_PROJECT),
                id(question, group, Dimension.PROMPT),
                group.isOthers() ? true : null,
                requests,
                data);
    }

    /** Without groups, a filter on one value says whose numbers these are. */
    private static @Nullable String id(AnalyticsQuestion question, Group group, Dimension<?> dimension) {
        if (group.dimensions().contains(dimension)) {
            return group.get(dimension).map(Object::toString).orElse(null);
        }
        if (group.dimensions().isEmpty()) {
            for (Filter filter : question.filters()) {
                if (filter instanceof Filter.In in
                        && in.dimension() == dimension
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
        BucketAxis axis = BucketAxis.of(question);
        List<Group> known = new ArrayList<>();
        for (ItemJson item : Objects.requireNonNullElse(groups, List.<ItemJson>of())) {
            known.add(item.group(question.groupBy()));
        }
        GivenCells cells = new GivenCells(question, axis, known);
        List<PeriodJson> periods = new ArrayList<>(Objects.requireNonNullElse(items, List.<PeriodJson>of()));
        if (before != null) {
            periods.add(before);
        }
        for (PeriodJson period : periods) {
            int bucket = axis.startingAt(BucketAxis.microsRoundedUp(Instant.parse(period.timePeriod())));
            for (ItemJson item : Objects.requireNonNullElse(period.items(), List.<ItemJson>of())) {
                long requests = Objects.requireNonNullElse(item.requests(), 0L);
                for (Metric<?> metric : question.metrics()) {
                    Map<String, @Nullable BigDecimal> fields = new HashMap<>();
                    Objects.requireNonNullElse(item.data(), Map.<String, Map<String, @Nullable JsonNumber>>of())
                            .getOrDefault(metric.name(), Map.of())
                            .forEach((name, number) -> fields.put(name, number == null ? null : number.value()));
                    cells.put(item.group(question.groupBy()), bucket, requests, metric, metric.parse(fields, requests));
                }
            }
        }
        return new AnalyticsAnswer(question, axis, cells);
    }
}
