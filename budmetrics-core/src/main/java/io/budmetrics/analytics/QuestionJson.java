package io.budmetrics.analytics;

import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.internal.filter.FilterJson;
import io.budmetrics.internal.json.JsonFields;
import io.budmetrics.internal.time.RangeRules;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A question as JSON: the fields of the compatible REST API's request, and the new ones where they are not the default. */
final class QuestionJson {
    private static final String METRICS = "metrics";
    private static final String FROM = "from_date";
    private static final String TO = "to_date";
    private static final String UNIT = "frequency_unit";
    private static final String INTERVAL = "frequency_interval";
    private static final String FILTERS = "filters";
    private static final String GROUP_BY = "group_by";
    private static final String DELTA = "return_delta";
    private static final String TOTALS = "return_totals";
    private static final String COMPARISON = "compared_with";
    private static final String DENSE = "fill_time_gaps";
    private static final String TOP = "topk";
    private static final String SOURCE = "data_source";
    private static final String TOP_BY = "topk_by";
    private static final String TOP_SMALLEST_FIRST = "topk_smallest_first";
    private static final String HAVING = "having";
    private static final String PERCENTILES = "percentiles";
    private static final String PARAMETERS = "parameters";
    private static final String ZONE = "time_zone";
    private static final String WEEK_START = "week_start";
    private static final String AS_OF = "as_of";
    private static final String LOOK_BACK = "look_back";
    private static final String DETAILS = "details";

    private static final List<String> FIELDS = List.of(
            METRICS,
            FROM,
            TO,
            UNIT,
            INTERVAL,
            FILTERS,
            GROUP_BY,
            DELTA,
            TOTALS,
            COMPARISON,
            DENSE,
            TOP,
            SOURCE,
            TOP_BY,
            TOP_SMALLEST_FIRST,
            HAVING,
            PERCENTILES,
            PARAMETERS,
            ZONE,
            WEEK_START,
            AS_OF,
            LOOK_BACK,
            DETAILS);
    private static final QuestionRules NAMES =
            new QuestionRules(METRICS, new RangeRules(FROM, TO, AS_OF), GROUP_BY, TOP, HAVING, LOOK_BACK);

    /** What every reader of JSON keeps of a number. */
    private static final int SAFE_DIGITS = 15;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");

    private QuestionJson() {}

    static Map<String, Object> write(AnalyticsQuestion question) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(METRICS, question.metrics().stream().map(Metric::name).toList());
        json.put(FROM, question.range().from().toString());
        question.range().to().ifPresent(to -> json.put(TO, to.toString()));
        json.put(UNIT, question.frequency().unit().jsonName());
        json.put(INTERVAL, question.frequency().interval());
        if (!question.filters().isEmpty()) {
            json.put(FILTERS, FilterJson.write(question.filters()));
        }
        if (!question.groupBy().isEmpty()) {
            json.put(GROUP_BY, question.groupBy().stream().map(Dimension::name).toList());
        }
        json.put(DELTA, question.withDelta());
        if (question.withTotals()) {
            json.put(TOTALS, true);
        }
        question.comparison().ifPresent(comparison -> json.put(COMPARISON, comparison.toString()));
        json.put(DENSE, question.showsEmptyBuckets());
        question.top().ifPresent(top -> json.put(TOP, top.size()));
        json.put(SOURCE, question.trafficSource().jsonName());
        question.top().ifPresent(top -> addRanking(json, question, top));
        if (!question.having().isEmpty()) {
            json.put(HAVING, having(question));
        }
        addMetrics(json, question);
        if (!question.range().zone().equals(ZoneOffset.UTC)) {
            json.put(ZONE, question.range().zone().getId());
        }
        if (question.frequency().weekStart() != DayOfWeek.MONDAY) {
            json.put(WEEK_START, dayName(question.frequency().weekStart()));
        }
        question.range().asOf().ifPresent(asOf -> json.put(AS_OF, asOf.toString()));
        if (!question.lookBack().equals(AnalyticsQuestion.DEFAULT_LOOK_BACK)) {
            json.put(LOOK_BACK, question.lookBack().toString());
        }
        if (question.showsDetails()) {
            json.put(DETAILS, true);
        }
        return json;
    }

    private static void addRanking(Map<String, Object> json, AnalyticsQuestion question, TopN top) {
        if (!top.by().name().equals(question.metrics().get(0).name())) {
            json.put(TOP_BY, top.by().name());
        }
        if (top.smallestFirst() != top.by().smallestFirst()) {
            json.put(TOP_SMALLEST_FIRST, top.smallestFirst());
        }
    }

    /** What the names of the metrics do not tell. */
    private static void addMetrics(Map<String, Object> json, AnalyticsQuestion question) {
        Map<String, Object> percentiles = new LinkedHashMap<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Metric<?> metric : named(question)) {
            if (metric instanceof DistributionMetric sample && !isDefault(sample)) {
                // so that small ones are plain too
                percentiles.put(
                        sample.name(),
                        sample.percentiles().stream().map(BigDecimal::valueOf).toList());
            }
            if (!metric.parameters().isEmpty()) {
                parameters.put(metric.name(), metric.parameters());
            }
        }
        if (!percentiles.isEmpty()) {
            json.put(PERCENTILES, percentiles);
        }
        if (!parameters.isEmpty()) {
            json.put(PARAMETERS, parameters);
        }
    }

    /** A custom metric has no percentiles unless they are named. */
    private static boolean isDefault(DistributionMetric metric) {
        return MetricJson.find(metric.name()).map(metric::equals).orElseGet(() -> metric.percentiles()
                .isEmpty());
    }

    private static Map<String, Map<String, Object>> having(AnalyticsQuestion question) {
        Map<String, Map<String, Object>> json = new LinkedHashMap<>();
        for (Having having : question.having()) {
            BigDecimal bound = having.bound().stripTrailingZeros();
            // a text where a number would lose digits on its way
            json.computeIfAbsent(having.metric().name(), name -> new LinkedHashMap<>())
                    .put(
                            having.side().jsonName(),
                            bound.precision() > SAFE_DIGITS
                                    ? bound.toPlainString()
                                    : bound.scale() <= 0 ? (Object) bound.longValueExact() : bound);
        }
        return json;
    }

    /** The metrics that are asked for, and those that groups are ranked by and held to. */
    private static List<Metric<?>> named(AnalyticsQuestion question) {
        List<Metric<?>> named = new ArrayList<>(question.metrics());
        question.top().ifPresent(top -> named.add(top.by()));
        question.having().forEach(having -> named.add(having.metric()));
        return named;
    }

    static AnalyticsQuestion read(Object json) {
        JsonFields fields = JsonFields.of("the question", json, FIELDS);
        MetricReader reader = MetricReader.of(fields);
        AnalyticsBuilder question = AnalyticsBuilder.EMPTY.copy();
        question.metrics = metrics(fields, reader);
        question.from = fields.instant(FROM)
                .orElseThrow(() -> BudMetricsException.invalidQuery(
                        FROM + " is missing; give the start of the range as an ISO date-time"));
        question.to = fields.instant(TO).orElse(null);
        question.asOf = fields.instant(AS_OF).orElse(null);
        List<Dimension<?>> groupBy = new ArrayList<>();
        fields.texts(GROUP_BY).forEach((at, name) -> groupBy.add(dimension(at, name)));
        question.groupBy = List.copyOf(groupBy);
        question.top = top(fields, reader, question.metrics).orElse(null);
        question.having = having(fields, reader);
        question.lookBack = lookBack(fields);
        question.frequency = frequency(fields);
        question.zone = zone(fields);
        question.filters =
                fields.object(FILTERS, FilterJson.NAMES).map(FilterJson::read).orElse(List.of());
        question.withDelta = fields.flag(DELTA).orElse(true);
        question.withTotals = fields.flag(TOTALS).orElse(false);
        question.comparison = fields.text(COMPARISON)
                .map(text -> JsonFields.at(COMPARISON, () -> Comparison.named(text)))
                .orElse(null);
        question.emptyBuckets = fields.flag(DENSE).orElse(true);
        question.trafficSource = fields.text(SOURCE).map(TrafficSource::named).orElse(TrafficSource.INFERENCE);
        question.details = fields.flag(DETAILS).orElse(false);
        return new AnalyticsQuestion(question, NAMES);
    }

    private static List<Metric<?>> metrics(JsonFields fields, MetricReader reader) {
        List<Metric<?>> metrics = new ArrayList<>();
        fields.texts(METRICS).forEach((at, name) -> metrics.add(reader.metric(at, name)));
        return List.copyOf(metrics);
    }

    /** Metrics by their names, with what the question says of them elsewhere. */
    private record MetricReader(Optional<JsonFields> percentiles, Optional<JsonFields> parameters) {
        static MetricReader of(JsonFields fields) {
            List<String> named = new ArrayList<>(fields.texts(METRICS).values());
            if (named.isEmpty()) {
                throw BudMetricsException.invalidQuery(
                        METRICS + " is missing or empty; name at least one, such as " + Metrics.REQUEST_COUNT);
            }
            fields.text(TOP_BY).ifPresent(named::add);
            fields.map(HAVING).ifPresent(having -> named.addAll(having.keySet()));
            String known = "[those in " + METRICS + ", " + TOP_BY + " and " + HAVING + "]";
            return new MetricReader(fields.object(PERCENTILES, named, known), fields.object(PARAMETERS, named, known));
        }

        Metric<?> metric(String at, String name) {
            // a message may contain a name, but no other text
            Optional<Map<String, Object>> given =
                    NAME.matcher(name).matches() ? parameters.flatMap(all -> all.map(name)) : Optional.empty();
            Metric<?> metric = given.isPresent()
                    ? MetricJson.read(at, PARAMETERS + "." + name, name, given.get())
                    : MetricJson.catalogued(at, name, ", or say in " + PARAMETERS + " what it is");
            Optional<double[]> levels = percentiles.flatMap(all -> all.numbers(name));
            if (levels.isEmpty()) {
                return metric;
            }
            String where = PERCENTILES + "." + metric;
            if (!(metric instanceof DistributionMetric sample)) {
                throw BudMetricsException.invalidQuery(
                        where + " has no percentiles; give a duration or a speed, such as latency");
            }
            return JsonFields.at(where, () -> sample.withPercentiles(levels.get()));
        }
    }

    private static Dimension<?> dimension(String at, String name) {
        return Dimension.find(name)
                .orElseThrow(() ->
                        BudMetricsException.invalidQuery(at + " is not a dimension; give one of " + Dimension.all()));
    }

    private static List<Having> having(JsonFields fields, MetricReader reader) {
        List<Having> having = new ArrayList<>();
        Map<String, Object> given = fields.map(HAVING).orElse(Map.of());
        int position = 0;
        for (Map.Entry<String, Object> condition : given.entrySet()) {
            position++;
            Metric<?> metric = reader.metric("field " + position + " of " + HAVING, condition.getKey());
            String place = HAVING + "." + metric;
            JsonFields bounds = JsonFields.of(place, place + ".", condition.getValue(), FilterJson.SIDES);
            if (bounds.names().isEmpty()) {
                throw BudMetricsException.invalidQuery(
                        place + " has no bound; give one or more of " + FilterJson.SIDES);
            }
            for (String side : bounds.names()) {
                BigDecimal bound = bounds.number(side);
                having.add(JsonFields.at(
                        bounds.place(side),
                        () -> new Having(metric, Side.valueOf(side.toUpperCase(Locale.ROOT)), bound)));
            }
        }
        return List.copyOf(having);
    }

    private static Optional<TopN> top(JsonFields fields, MetricReader reader, List<Metric<?>> metrics) {
        Optional<Metric<?>> by = fields.text(TOP_BY).map(name -> reader.metric(TOP_BY, name));
        Optional<Boolean> smallestFirst = fields.flag(TOP_SMALLEST_FIRST);
        Optional<Integer> size = fields.whole(TOP);
        if (size.isEmpty()) {
            if (by.isPresent() || smallestFirst.isPresent()) {
                throw BudMetricsException.invalidQuery((by.isPresent() ? TOP_BY : TOP_SMALLEST_FIRST) + " needs " + TOP
                        + "; give the number of groups to keep");
            }
            return Optional.empty();
        }
        Metric<?> ranking = by.isPresent() ? by.get() : metrics.get(0);
        return Optional.of(JsonFields.at(
                TOP, () -> new TopN(size.get(), ranking, smallestFirst.orElseGet(ranking::smallestFirst))));
    }

    private static Frequency frequency(JsonFields fields) {
        int interval = fields.whole(INTERVAL).orElse(1);
        Frequency.Unit unit = fields.text(UNIT).map(Frequency.Unit::named).orElse(Frequency.Unit.DAY);
        DayOfWeek weekStart = fields.text(WEEK_START).map(QuestionJson::day).orElse(DayOfWeek.MONDAY);
        return JsonFields.at(INTERVAL, () -> new Frequency(interval, unit, weekStart));
    }

    private static String dayName(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }

    private static DayOfWeek day(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (dayName(day).equals(name)) {
                return day;
            }
        }
        throw BudMetricsException.invalidQuery(WEEK_START + " is not a day of the week; give monday or sunday");
    }

    private static ZoneId zone(JsonFields fields) {
        Optional<String> name = fields.text(ZONE);
        if (name.isEmpty()) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name.get());
        } catch (DateTimeException unknown) {
            throw BudMetricsException.invalidQuery(ZONE + " is not a zone that this JVM knows; give "
                    + zoneLike(name.get()) + ", an offset such as +05:30, or UTC");
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

    private static Duration lookBack(JsonFields fields) {
        Optional<String> duration = fields.text(LOOK_BACK);
        if (duration.isEmpty()) {
            return AnalyticsQuestion.DEFAULT_LOOK_BACK;
        }
        try {
            return Duration.parse(duration.get());
        } catch (DateTimeException malformed) {
            throw BudMetricsException.invalidQuery(LOOK_BACK + " is not an ISO duration; give PT1H for an hour");
        }
    }
}
