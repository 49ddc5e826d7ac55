package io.budmetrics.clickhouse.oracle;

import io.budmetrics.clickhouse.oracle.Ask.AskedMetric;
import io.budmetrics.clickhouse.oracle.Ask.Condition;
import io.budmetrics.clickhouse.oracle.Ask.Limits;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Comparison;
import io.budmetrics.clickhouse.oracle.OracleAnswer.GroupKey;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Other;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Span;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a question by walking over all rows again for every cell. It is slow and plain on purpose, and shares nothing
 * with what turns questions into SQL and columns into answers.
 */
final class Oracle {
    private static final GroupKey EVERYTHING = new GroupKey(List.of(), false);
    private static final GroupKey OTHERS = new GroupKey(List.of(), true);

    private final Ask ask;
    private final List<OracleRow> population;

    private Oracle(Ask ask, List<OracleRow> deliveries) {
        this.ask = ask;
        this.population = unique(deliveries).stream()
                .filter(row -> ofSource(row, ask.source()))
                .filter(row -> ask.conditions().stream().allMatch(condition -> holds(row, condition)))
                .toList();
    }

    /** What the answer to a question over these deliveries should be. */
    static OracleAnswer answer(Ask ask, List<OracleRow> deliveries) {
        Oracle oracle = new Oracle(ask, deliveries);
        if (ask.comparison().isEmpty()) {
            return oracle.answer(oracle.groups(null), oracle.kept(), null);
        }
        Oracle other = new Oracle(OracleCalendar.earlier(ask), deliveries);
        Map<GroupKey, List<OracleRow>> groups = oracle.groups(other.ask);
        List<OracleRow> kept = oracle.kept();
        OracleAnswer own = oracle.answer(groups, kept, other);
        return new OracleAnswer(
                own.groups(),
                own.lines(),
                own.totals(),
                new Other(
                        other.answer(groups, kept, null),
                        groupsWithout(groups, other.ask),
                        groupsWithout(groups, ask)));
    }

    private static List<GroupKey> groupsWithout(Map<GroupKey, List<OracleRow>> groups, Ask ask) {
        return groups.entrySet().stream()
                .filter(group -> !ask.dimensions().isEmpty()
                        && arrivedIn(group.getValue(), OracleRow.micros(ask.from()), OracleRow.micros(ask.end()))
                                .isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    // rows

    /** An inference is known by project, arrival and id; of several deliveries the newest counts. */
    private static List<OracleRow> unique(List<OracleRow> deliveries) {
        Map<List<@Nullable Object>, OracleRow> rows = new LinkedHashMap<>();
        for (OracleRow row : deliveries) {
            List<@Nullable Object> key = Arrays.asList(row.project(), row.arrival(), row.inferenceId());
            OracleRow known = rows.get(key);
            if (known == null || row.ingested() >= known.ingested()) {
                rows.put(key, row);
            }
        }
        return List.copyOf(rows.values());
    }

    private static boolean ofSource(OracleRow row, String source) {
        String id = row.prompt();
        boolean prompt = id != null && !id.isEmpty();
        return switch (source) {
            case "INFERENCE" -> !prompt;
            case "PROMPT" -> prompt;
            case "ALL" -> true;
            default -> throw new IllegalArgumentException(source);
        };
    }

    private static boolean holds(OracleRow row, Condition condition) {
        if (condition instanceof Ask.OneOf oneOf) {
            Object value = field(row, oneOf.field());
            return value != null && oneOf.values().contains(value);
        }
        if (condition instanceof Ask.None none) {
            Object value = field(row, none.field());
            return value == null || value.equals("");
        }
        if (condition instanceof Ask.Ordered ordered) {
            Object value = field(row, ordered.field());
            return value != null
                    && ordered.orders().contains(Integer.signum(number(value).compareTo(ordered.bound())));
        }
        if (condition instanceof Ask.Opposite opposite) {
            return !holds(row, opposite.condition());
        }
        Ask.Hold hold = (Ask.Hold) condition;
        return hold.conditions().stream().filter(one -> holds(row, one)).count() >= hold.least();
    }

    private static BigDecimal number(Object value) {
        return value instanceof Double real ? new BigDecimal(real) : new BigDecimal(value.toString());
    }

    /** What a request has in a dimension or as a quantity; durations are microseconds. */
    private static @Nullable Object field(OracleRow row, String name) {
        return switch (name) {
            case "project" -> row.project();
            case "endpoint" -> row.endpoint();
            case "model" -> row.model();
            case "user_project" -> row.apiKeyProject();
            case "api_key" -> row.apiKey();
            case "prompt" -> row.prompt();
            case "user" -> row.user();
            case "success" -> row.success();
            case "streamed" -> row.streamed();
            case "cached" -> row.cached();
            case "blocked" -> row.blocked();
            case "provider" -> row.more().get("model_provider");
            case "function" -> row.more().get("function_name");
            case "variant" -> row.more().get("variant_name");
            case "rule" -> row.more().get("rule_name");
            case "routing" -> row.more().get("routing_decision");
            case "country" -> row.more().get("country_code");
            case "device" -> row.more().get("device_type");
            case "browser" -> row.more().get("browser_name");
            case "os" -> row.more().get("os_name");
            case "bot" -> row.more().get("is_bot");
            case "response_time" -> latency(row);
            case "time_to_first_token" -> timeToFirstToken(row);
            case "time_per_output_token" -> timePerToken(row);
            case "queue_time" -> queuing(row);
            case "processing_time" -> notNegative((Long) row.more().get("processing_time_us"));
            case "gateway_time" -> notNegative((Long) row.more().get("gateway_processing_us"));
            case "total_duration" -> notNegative((Long) row.more().get("total_duration_us"));
            case "audio_duration" -> notNegative((Long) row.more().get("audio_duration_us"));
            case "input_tokens" -> row.inputTokens();
            case "output_tokens" -> row.outputTokens();
            case "total_tokens" -> allTokens(row);
            case "reasoning_tokens" -> row.reasoning();
            case "cache_read_tokens" -> row.cacheRead();
            case "cache_write_tokens" -> row.cacheWrite();
            case "spoken_characters" -> row.more().get("tts_character_count");
            case "images" -> row.more().get("images_generated");
            case "embedded_texts" -> row.more().get("embedding_input_count");
            case "pages" -> row.more().get("document_page_count");
            case "price" -> row.cost();
            case "protocol" -> row.more().get("protocol_version");
            case "action" -> row.more().get("action_taken");
            case "detected_language" -> row.more().get("audio_detected_language");
            case "voice" -> row.more().get("audio_voice");
            case "status_class" -> {
                Integer status = (Integer) row.more().get("status_code");
                yield status == null ? null : status < 100 ? "<100" : status >= 600 ? ">=600" : status / 100 + "xx";
            }
            case "latency_class" -> ofClass(latency(row), "_1s_3s_10s_30s");
            case "token_size" -> ofClass(allTokens(row), "_100_1000_10000_100000");
            case "provider_price" -> row.more().get("inference_cost");
            case "model_name",
                    "model_version",
                    "endpoint_type",
                    "prompt_version",
                    "status_code",
                    "error_code",
                    "error_type",
                    "finish_reason",
                    "block_reason",
                    "region",
                    "city",
                    "isp",
                    "method",
                    "path",
                    "body_size",
                    "response_size",
                    "embedding_dimensions",
                    "latitude",
                    "longitude",
                    "country_name",
                    "timezone",
                    "browser_version",
                    "os_version",
                    "rule_type",
                    "rule_priority",
                    "asn",
                    "response_status",
                    "audio_language",
                    "image_size",
                    "image_quality" -> row.more().get(name);
            default -> withEdges(row, name);
        };
    }

    /** A class whose edges stand in its name. */
    private static @Nullable Object withEdges(OracleRow row, String name) {
        for (String prefix : List.of("latency_class", "token_size")) {
            if (name.startsWith(prefix + "_")) {
                return ofClass(
                        prefix.equals("token_size") ? allTokens(row) : latency(row), name.substring(prefix.length()));
            }
        }
        int end = name.indexOf("_class_");
        if (end < 0) {
            throw new IllegalArgumentException(name);
        }
        return ofClass((Number) field(row, name.substring(0, end)), name.substring(end + "_class".length()));
    }

    /** Which of the classes between the edges a size is in; times are microseconds. */
    private static @Nullable String ofClass(@Nullable Number size, String edges) {
        if (size == null) {
            return null;
        }
        String before = "";
        for (String edge : edges.substring(1).split("_", -1)) {
            long number = Long.parseLong(edge.replaceAll("[a-z]", ""));
            boolean time = edge.endsWith("s");
            long unit = edge.endsWith("us") || !time ? 1 : edge.endsWith("ms") ? 1000 : 1_000_000;
            if (size.doubleValue() < number * unit) {
                return before.isEmpty() ? "<" + edge : before + "-" + (time ? edge : number - 1);
            }
            before = edge;
        }
        return ">=" + before;
    }

    /** By size, which its text does not say. */
    private static String sortable(String field, Object value) {
        String text = value.toString();
        if (!field.contains("class") && !field.startsWith("token_size")) {
            return value instanceof Number number ? "%020d".formatted(number.longValue() + 1_000_000_000_000L) : text;
        }
        if (text.startsWith("<")) {
            return "";
        }
        String size = text.replaceAll("^>=", "").replaceAll("-.*|xx$", "");
        long number = Long.parseLong(size.replaceAll("[a-z]", ""));
        long unit = !size.endsWith("s") || size.endsWith("us") ? 1 : size.endsWith("ms") ? 1000 : 1_000_000;
        return "%020d".formatted(number * unit);
    }

    private static List<OracleRow> arrivedIn(List<OracleRow> rows, long from, long to) {
        return rows.stream()
                .filter(row -> row.arrival() >= from && row.arrival() < to)
                .toList();
    }

    // groups

    private GroupKey keyOf(OracleRow row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (String name : ask.dimensions()) {
            values.add(field(row, name));
        }
        return new GroupKey(Collections.unmodifiableList(values), false);
    }

    private int byText(GroupKey left, GroupKey right) {
        for (int position = 0; position < left.values().size(); position++) {
            Object a = left.values().get(position);
            Object b = right.values().get(position);
            if (a == null || b == null) {
                if (a != b) {
                    return a == null ? 1 : -1;
                }
                continue;
            }
            String field = ask.dimensions().get(position);
            int order = Arrays.compareUnsigned(
                    sortable(field, a).getBytes(StandardCharsets.UTF_8),
                    sortable(field, b).getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Every group that had a request in the range or in the other one, in order, with all its rows of all times. */
    private Map<GroupKey, List<OracleRow>> groups(@Nullable Ask other) {
        long from = OracleRow.micros(ask.from());
        long end = OracleRow.micros(ask.end());
        if (ask.dimensions().isEmpty()) {
            return Map.of(EVERYTHING, population);
        }
        Map<GroupKey, List<OracleRow>> members = new HashMap<>();
        for (OracleRow row : population) {
            members.computeIfAbsent(keyOf(row), key -> new ArrayList<>()).add(row);
        }
        List<GroupKey> present = new ArrayList<>();
        members.forEach((key, rows) -> {
            if (!arrivedIn(rows, from, end).isEmpty()) {
                present.add(key);
            }
        });
        present.removeIf(key -> !held(arrivedIn(members.getOrDefault(key, List.of()), from, end), from, end));
        present.sort(this::byText);
        AskedMetric by = ask.by();
        if (ask.top() > 0 && by != null) {
            Map<GroupKey, @Nullable Double> score = new HashMap<>();
            for (GroupKey key : present) {
                List<OracleRow> rows = arrivedIn(members.getOrDefault(key, List.of()), from, end);
                // what still runs from before takes no part in the ranking
                score.put(key, headline(by, fields(by, rows, rows, from, end)));
            }
            Comparator<Double> order = ask.smallestFirst() ? Comparator.naturalOrder() : Comparator.reverseOrder();
            present.sort(Comparator.comparing(score::get, Comparator.nullsLast(order)));
        }
        // what was only in the other range: neither ranked nor held to anything
        List<GroupKey> vanished = new ArrayList<>();
        if (other != null && ask.having().isEmpty()) {
            members.forEach((key, rows) -> {
                if (arrivedIn(rows, from, end).isEmpty()
                        && !arrivedIn(rows, OracleRow.micros(other.from()), OracleRow.micros(other.end()))
                                .isEmpty()) {
                    vanished.add(key);
                }
            });
        }
        if (ask.top() == 0) {
            present.addAll(vanished);
            present.sort(this::byText);
        }
        Map<GroupKey, List<OracleRow>> groups = new LinkedHashMap<>();
        List<OracleRow> others = new ArrayList<>();
        for (GroupKey key : present) {
            if (ask.top() == 0 || groups.size() < ask.top()) {
                groups.put(key, members.getOrDefault(key, List.of()));
            }
        }
        // all the rest, with what came only before the range: it takes part in the change of the first period
        members.forEach((key, rows) -> {
            // without having, also what came only before the range
            if (!groups.containsKey(key) && (ask.having().isEmpty() || present.contains(key))) {
                others.addAll(rows);
            }
        });
        if (present.size() > groups.size() || (ask.top() > 0 && !vanished.isEmpty())) {
            groups.put(OTHERS, others);
        }
        return groups;
    }

    private boolean held(List<OracleRow> rows, long from, long end) {
        return ask.having().stream().allMatch(held -> {
            Double value = headline(held.metric(), fields(held.metric(), rows, rows, from, end));
            return value != null && held.orders().contains(Integer.signum(value.compareTo(held.bound())));
        });
    }

    // cells

    private OracleAnswer answer(Map<GroupKey, List<OracleRow>> groups, List<OracleRow> all, @Nullable Oracle other) {
        List<Line> lines = new ArrayList<>();
        OracleCalendar calendar = new OracleCalendar(ask);
        List<Span> periods = calendar.periods();
        Span before = calendar.before();
        List<Span> counterparts = other == null ? List.of() : new OracleCalendar(other.ask).periods();
        for (int position = 0; position < periods.size(); position++) {
            Span period = periods.get(position);
            Span former = position == 0 ? before : periods.get(position - 1);
            for (Map.Entry<GroupKey, List<OracleRow>> group : groups.entrySet()) {
                Counterpart counterpart = Counterpart.of(other, counterparts, position);
                boolean traffic = !arrived(group.getValue(), period).isEmpty()
                        || (counterpart != null
                                && counterpart.period() != null
                                && !arrived(group.getValue(), counterpart.period())
                                        .isEmpty());
                if (traffic || ask.dense()) {
                    lines.add(line(period, former, counterpart, group.getKey(), group.getValue()));
                }
            }
        }
        List<Line> totals = new ArrayList<>();
        if (ask.totals()) {
            Span range = range();
            Counterpart whole = other == null ? null : new Counterpart(other, other.range());
            groups.forEach((key, rows) -> totals.add(line(range, null, whole, key, rows)));
            for (int position = 0; position < periods.size(); position++) {
                Span period = periods.get(position);
                boolean shown = lines.stream().anyMatch(line -> line.period().equals(period));
                if (ask.dense() || shown) {
                    Span former = position == 0 ? before : periods.get(position - 1);
                    totals.add(line(period, former, Counterpart.of(other, counterparts, position), EVERYTHING, all));
                }
            }
            totals.add(line(range, null, whole, EVERYTHING, all));
        }
        return new OracleAnswer(List.copyOf(groups.keySet()), lines, totals, null);
    }

    private Span range() {
        return new Span(ask.from(), ask.end(), ask.from(), ask.end());
    }

    /** The period of the other range that stands at the same position; null where that range has fewer. */
    private record Counterpart(Oracle oracle, @Nullable Span period) {
        static @Nullable Counterpart of(@Nullable Oracle other, List<Span> periods, int position) {
            return other == null
                    ? null
                    : new Counterpart(other, position < periods.size() ? periods.get(position) : null);
        }

        Comparison comparison(AskedMetric metric, Span own, @Nullable Double current, List<OracleRow> rows) {
            if (period == null) {
                return new Comparison(null, null, false);
            }
            boolean comparable = !own.partial()
                    && !period.partial()
                    && Duration.between(own.coveredFrom(), own.coveredTo())
                            .equals(Duration.between(period.coveredFrom(), period.coveredTo()));
            Double former = headline(metric, oracle.fields(metric, rows, period));
            if (current == null || former == null) {
                return new Comparison(null, null, comparable);
            }
            double change = current - former;
            return new Comparison(change, former == 0 ? null : (Double) (change / Math.abs(former) + 0.0), comparable);
        }
    }

    /** The rows of all groups that stay, also of those that came only before the range when all stay. */
    private List<OracleRow> kept() {
        if (ask.having().isEmpty()) {
            return population;
        }
        long from = OracleRow.micros(ask.from());
        long end = OracleRow.micros(ask.end());
        Map<GroupKey, List<OracleRow>> members = new HashMap<>();
        for (OracleRow row : arrivedIn(population, from, end)) {
            members.computeIfAbsent(keyOf(row), key -> new ArrayList<>()).add(row);
        }
        members.values().removeIf(rows -> !held(rows, from, end));
        return population.stream()
                .filter(row -> members.containsKey(keyOf(row)))
                .toList();
    }

    private Line line(
            Span period, @Nullable Span former, @Nullable Counterpart counterpart, GroupKey key, List<OracleRow> rows) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (AskedMetric metric : ask.metrics()) {
            Map<String, @Nullable Object> now = fields(metric, rows, period);
            Double change = null;
            Double ratio = null;
            if (ask.delta() && former != null) {
                Double current = headline(metric, now);
                Double previous = headline(metric, fields(metric, rows, former));
                if (current != null && previous != null) {
                    change = current - previous;
                    ratio = previous == 0 ? null : (Double) (change / Math.abs(previous) + 0.0);
                }
            }
            boolean comparable = former != null && !period.partial() && !former.partial();
            Comparison compared =
                    counterpart == null ? null : counterpart.comparison(metric, period, headline(metric, now), rows);
            String absence = absence(metric, now, arrived(rows, period));
            now.remove("absence");
            now.remove("exact");
            cells.put(metric.name(), new Cell(now, absence, change, ratio, comparable, compared));
        }
        return new Line(period, key, !arrived(rows, period).isEmpty(), cells);
    }

    private static List<OracleRow> arrived(List<OracleRow> rows, Span period) {
        return arrivedIn(rows, OracleRow.micros(period.coveredFrom()), OracleRow.micros(period.coveredTo()));
    }

    private Map<String, @Nullable Object> fields(AskedMetric metric, List<OracleRow> rows, Span period) {
        long from = OracleRow.micros(period.coveredFrom());
        long to = OracleRow.micros(period.coveredTo());
        return fields(metric, arrivedIn(rows, from, to), rows, from, to);
    }

    /** The number that deltas and rankings take; a zero has no sign. */
    private static @Nullable Double headline(AskedMetric metric, Map<String, @Nullable Object> fields) {
        String name =
                switch (metric.kind()) {
                    case "requests_where" -> "count";
                    case "distribution" -> "mean";
                    case "total" -> "total";
                    case "request_count", "success_request", "failure_request", "blocked_request", "unique_users" ->
                        "count";
                    case "queuing_time", "ttft", "tpot", "latency", "output_speed" -> "mean";
                    case "input_token", "output_token", "total_token", "reasoning_token", "cost" -> "total";
                    case "concurrent_requests" -> "peak";
                    case "average_concurrency" -> "average";
                    case "throughput", "system_throughput" -> "tokensPerSecond";
                    case "request_rate", "goodput" -> "perSecond";
                    case "cache" -> "hitRatio";
                    case "cache_latency_saved" -> "milliseconds";
                    case "prompt_cache", "prompt_cache_excluded", "slo_attainment" -> "ratio";
                    case "apdex" -> "score";
                    case "cost_per_request", "cost_per_success", "cost_per_1000_tokens", "cost_per_million_tokens" ->
                        "headline";
                    case "ratio", "sum" -> "value";
                    case "difference" -> "difference";
                    default -> throw new IllegalArgumentException(metric.kind());
                };
        return fields.get(name) instanceof Number number ? (Double) (number.doubleValue() + 0.0) : null;
    }

    private static @Nullable String absence(
            AskedMetric metric, Map<String, @Nullable Object> fields, List<OracleRow> arrived) {
        if (headline(metric, fields) != null) {
            return null;
        }
        if (arrived.isEmpty()) {
            return "NO_TRAFFIC";
        }
        if (tooFew(metric, fields) && sample(fields) > 0) {
            return "TOO_FEW";
        }
        if (fields.get("absence") instanceof String reason) {
            return reason;
        }
        boolean divisorIsZero =
                switch (metric.kind()) {
                    case "throughput",
                            "prompt_cache",
                            "prompt_cache_excluded",
                            "cost_per_success",
                            "cost_per_1000_tokens",
                            "cost_per_million_tokens" -> fields.get("sampleSize") instanceof Long size && size > 0;
                    default -> false;
                };
        return divisorIsZero ? "UNDEFINED" : "NOT_MEASURED";
    }

    private Map<String, @Nullable Object> fields(
            AskedMetric metric, List<OracleRow> arrived, List<OracleRow> all, long from, long to) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        double seconds = (to - from) / 1e6;
        switch (metric.kind()) {
            case "request_count" -> fields.put("count", (long) arrived.size());
            case "request_rate" -> fields.put("perSecond", arrived.size() / seconds);
            case "success_request" -> share(fields, arrived, OracleRow::success, true);
            case "failure_request" -> share(fields, arrived, OracleRow::success, false);
            case "blocked_request" -> share(fields, arrived, OracleRow::blocked, true);
            case "unique_users" -> users(fields, arrived);
            case "queuing_time" -> durations(fields, metric, arrived, Oracle::queuing);
            case "ttft" -> durations(fields, metric, arrived, Oracle::timeToFirstToken);
            case "latency" -> durations(fields, metric, arrived, Oracle::latency);
            case "tpot" -> quotients(fields, metric, arrived, Oracle::timePerToken, 1000);
            case "output_speed" -> quotients(fields, metric, arrived, Oracle::speed, 1);
            case "input_token" -> tokens(fields, arrived, OracleRow::inputTokens);
            case "output_token" -> tokens(fields, arrived, OracleRow::outputTokens);
            case "total_token" -> tokens(fields, arrived, Oracle::allTokens);
            case "reasoning_token" -> tokens(fields, arrived, OracleRow::reasoning);
            case "concurrent_requests" -> fields.put("peak", peak(arrived, all, from, to));
            case "average_concurrency" -> fields.put("average", average(arrived, all, from, to));
            case "throughput" -> throughput(fields, arrived);
            case "system_throughput" -> systemThroughput(fields, arrived, seconds);
            case "cache" -> cache(fields, arrived);
            case "cache_latency_saved" -> saved(fields, arrived);
            case "prompt_cache" -> promptCache(fields, arrived, true);
            case "prompt_cache_excluded" -> promptCache(fields, arrived, false);
            case "cost" -> cost(fields, arrived);
            case "cost_per_request" -> unitCost(fields, arrived, 1, row -> 1L);
            case "cost_per_success" ->
                unitCost(fields, arrived, 1, row -> row.success() == null ? null : (Long) (row.success() ? 1L : 0L));
            case "cost_per_1000_tokens" -> unitCost(fields, arrived, 1000, Oracle::allTokens);
            case "cost_per_million_tokens" -> unitCost(fields, arrived, 1_000_000, Oracle::allTokens);
            case "goodput" -> {
                judged(fields, arrived, metric.limits());
                long size = fields.get("sampleSize") instanceof Long known ? known : 0;
                long good = fields.get("good") instanceof Long number ? number : 0;
                fields.put("perSecond", size == 0 && !arrived.isEmpty() ? null : (Double) (good / seconds));
                fields.remove("good");
                fields.remove("bad");
            }
            case "slo_attainment" -> {
                judged(fields, arrived, metric.limits());
                long size = fields.get("sampleSize") instanceof Long known ? known : 0;
                long good = fields.get("good") instanceof Long number ? number : 0;
                fields.put("ratio", size == 0 ? null : (Double) ((double) good / size));
                fields.remove("sampleSize");
            }
            case "apdex" -> apdex(fields, arrived, metric.limits());
            case "ratio", "sum", "difference" -> derived(fields, metric, arrived, all, from, to);
            case "requests_where" -> {
                long count = where(arrived, metric).size();
                fields.put("count", count);
                fields.put("ratio", arrived.isEmpty() ? null : (Double) ((double) count / arrived.size()));
                fields.put("sampleSize", (long) arrived.size());
            }
            case "distribution" -> distribution(fields, metric, where(arrived, metric));
            case "total" -> total(fields, metric, where(arrived, metric), arrived.isEmpty());
            default -> throw new IllegalArgumentException(metric.kind());
        }
        if (tooFew(metric, fields)) {
            switch (metric.kind()) {
                case "success_request", "failure_request", "blocked_request", "slo_attainment", "requests_where" ->
                    fields.put("ratio", null);
                case "apdex" -> fields.put("score", null);
                default -> fields.replaceAll((name, value) -> name.equals("sampleSize") ? value : null);
            }
        }
        return fields;
    }

    private static List<OracleRow> where(List<OracleRow> rows, AskedMetric metric) {
        Condition where = metric.where();
        return where == null
                ? rows
                : rows.stream().filter(row -> holds(row, where)).toList();
    }

    private static List<Object> sizes(List<OracleRow> rows, String quantity) {
        List<Object> sizes = new ArrayList<>();
        for (OracleRow row : rows) {
            Object size = field(row, quantity);
            if (size != null) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    private static boolean isDuration(String quantity) {
        return quantity.contains("time") || quantity.contains("duration");
    }

    private static void distribution(Map<String, @Nullable Object> fields, AskedMetric metric, List<OracleRow> rows) {
        String quantity = metric.limits().of();
        double unit = isDuration(quantity) ? 1000 : 1;
        List<Object> sizes = sizes(rows, quantity);
        List<Double> values = sizes.stream()
                .map(size -> ((Number) size).doubleValue())
                .sorted()
                .toList();
        int n = values.size();
        Double mean = null;
        if (n > 0) {
            mean = sizes.get(0) instanceof BigDecimal
                    ? sizes.stream()
                            .map(size -> (BigDecimal) size)
                            .reduce(BigDecimal.ZERO, BigDecimal::add)
                            .divide(BigDecimal.valueOf(n), 24, RoundingMode.DOWN)
                            .doubleValue()
                    : sum(values) / n / unit;
        }
        fields.put("mean", mean);
        fields.put("min", n == 0 ? null : (Double) (values.get(0) / unit));
        fields.put("max", n == 0 ? null : (Double) (values.get(n - 1) / unit));
        for (double fraction : metric.percentiles()) {
            fields.put("p" + fraction, n == 0 ? null : (Double) (between(values, fraction) / unit));
            interval(fields, metric, fraction, values, unit);
        }
        fields.put("sampleSize", (long) n);
    }

    private static void total(
            Map<String, @Nullable Object> fields, AskedMetric metric, List<OracleRow> rows, boolean nothing) {
        List<Object> sizes = sizes(rows, metric.limits().of());
        BigDecimal total = sizes.stream().map(Oracle::number).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (isDuration(metric.limits().of())) {
            total = total.movePointLeft(3);
        }
        fields.put("total", sizes.isEmpty() && !nothing ? null : total);
        fields.put("sampleSize", (long) sizes.size());
    }

    /** What other numbers do not round, and what money does not. */
    private static final Set<String> WHOLE = Set.of(
            "request_count",
            "success_request",
            "failure_request",
            "blocked_request",
            "unique_users",
            "input_token",
            "output_token",
            "total_token",
            "reasoning_token",
            "concurrent_requests",
            "requests_where");

    private static boolean isWhole(AskedMetric metric) {
        String of = metric.limits().of();
        return WHOLE.contains(metric.kind())
                || (metric.kind().equals("total") && !isDuration(of) && !of.endsWith("price"))
                || (Set.of("sum", "difference").contains(metric.kind())
                        && metric.parts().stream().allMatch(Oracle::isWhole));
    }

    private static boolean isMoney(AskedMetric metric) {
        return metric.kind().equals("cost")
                || (metric.kind().equals("total") && metric.limits().of().endsWith("price"))
                || (Set.of("sum", "difference").contains(metric.kind())
                        && metric.parts().stream().allMatch(Oracle::isMoney));
    }

    private static boolean isQuotient(AskedMetric metric) {
        return metric.kind().startsWith("cost_per_");
    }

    /** The number without rounding, or cut where it is a quotient; null when it is a floating-point number. */
    private static @Nullable BigDecimal exact(AskedMetric metric, Map<String, @Nullable Object> fields, Double value) {
        if (isQuotient(metric)) {
            return (BigDecimal) fields.get("exact");
        }
        if (isMoney(metric)) {
            return (BigDecimal) fields.get(Set.of("cost", "total").contains(metric.kind()) ? "total" : "decimal");
        }
        return isWhole(metric) ? BigDecimal.valueOf(value.longValue()) : null;
    }

    private void derived(
            Map<String, @Nullable Object> fields,
            AskedMetric metric,
            List<OracleRow> arrived,
            List<OracleRow> all,
            long from,
            long to) {
        boolean ratio = metric.kind().equals("ratio");
        List<BigDecimal> exact = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (AskedMetric part : metric.parts()) {
            Map<String, @Nullable Object> ofPart = fields(part, arrived, all, from, to);
            Double value = headline(part, ofPart);
            if (value == null) {
                fields.putIfAbsent("absence", absence(part, ofPart, arrived));
            } else {
                values.add(value);
                BigDecimal number = exact(part, ofPart, value);
                if (number != null && !(ratio && isQuotient(part))) {
                    exact.add(number);
                }
            }
        }
        Double value = null;
        BigDecimal decimal = null;
        boolean priced =
                exact.size() == 2 && metric.parts().stream().anyMatch(part -> isMoney(part) || isQuotient(part));
        if (values.size() == 2) {
            double left = values.get(0);
            double right = values.get(1);
            boolean undefined = ratio && right == 0;
            value = undefined
                    ? null
                    : (Double)
                            switch (metric.kind()) {
                                case "ratio" -> left * metric.per() / right + 0.0;
                                case "sum" -> left + right;
                                default -> left - right;
                            };
            if (priced && !undefined) {
                BigDecimal dividend = exact.get(0).multiply(BigDecimal.valueOf(metric.per()));
                BigDecimal cut =
                        switch (metric.kind()) {
                            case "ratio" -> dividend.divide(exact.get(1), 24, RoundingMode.DOWN);
                            case "sum" -> exact.get(0).add(exact.get(1));
                            default -> exact.get(0).subtract(exact.get(1));
                        };
                decimal = ratio
                        ? dividend.divide(exact.get(1), 12, RoundingMode.HALF_EVEN)
                        : cut.setScale(12, RoundingMode.HALF_EVEN);
                value = cut.doubleValue();
            }
            if (undefined) {
                fields.put("absence", arrived.isEmpty() ? "NO_TRAFFIC" : "UNDEFINED");
            }
        }
        if (priced) {
            fields.put("decimal", decimal);
        }
        // what is left of two numbers is as exact as they are
        fields.put(metric.kind().equals("difference") ? "difference" : "value", value);
        if (metric.kind().equals("difference")) {
            fields.put("left", values.size() == 2 ? values.get(0) : null);
            fields.put("right", values.size() == 2 ? values.get(1) : null);
        }
    }

    private static boolean tooFew(AskedMetric metric, Map<String, @Nullable Object> fields) {
        return sample(fields) < metric.limits().minimum();
    }

    /** How many requests a number is about. */
    private static long sample(Map<String, @Nullable Object> fields) {
        long sum = 0;
        for (String part : fields.containsKey("sampleSize")
                ? List.of("sampleSize")
                : List.of("good", "bad", "satisfied", "tolerating", "frustrated")) {
            sum += fields.get(part) instanceof Long number ? number : 0;
        }
        return sum;
    }

    private static void share(
            Map<String, @Nullable Object> fields,
            List<OracleRow> rows,
            Function<OracleRow, @Nullable Boolean> flag,
            boolean wanted) {
        long known = rows.stream().filter(row -> flag.apply(row) != null).count();
        long count = rows.stream()
                .filter(row -> Boolean.valueOf(wanted).equals(flag.apply(row)))
                .count();
        fields.put("count", known == 0 && !rows.isEmpty() ? null : (Long) count);
        fields.put("ratio", known == 0 ? null : (Double) ((double) count / known));
        fields.put("sampleSize", known);
    }

    private static @Nullable Long notNegative(@Nullable Long value) {
        return value == null || value < 0 ? null : value;
    }

    private static @Nullable Long queuing(OracleRow row) {
        Long forward = row.forward();
        return forward == null ? null : notNegative(forward - row.arrival());
    }

    private static @Nullable Long timeToFirstToken(OracleRow row) {
        return Boolean.FALSE.equals(row.streamed()) ? null : notNegative(row.ttftUs());
    }

    private static @Nullable Long latency(OracleRow row) {
        return notNegative(row.responseUs());
    }

    private static void durations(
            Map<String, @Nullable Object> fields,
            AskedMetric metric,
            List<OracleRow> rows,
            Function<OracleRow, @Nullable Long> measure) {
        List<Long> values = new ArrayList<>();
        for (OracleRow row : rows) {
            Long value = measure.apply(row);
            if (value != null) {
                values.add(value);
            }
        }
        Collections.sort(values);
        int n = values.size();
        double sum = 0;
        for (long value : values) {
            sum += value;
        }
        fields.put("mean", n == 0 ? null : (Double) (sum / n / 1000));
        fields.put("min", n == 0 ? null : (Double) (values.get(0) / 1000.0));
        fields.put("max", n == 0 ? null : (Double) (values.get(n - 1) / 1000.0));
        for (double fraction : metric.percentiles()) {
            fields.put("p" + fraction, n == 0 ? null : (Double) (percentile(values, fraction) / 1000));
            interval(fields, metric, fraction, values, 1000);
        }
        fields.put("sampleSize", (long) n);
    }

    /** So many standard deviations of how many values are below it, to both sides, and outwards to the next value. */
    private static void interval(
            Map<String, @Nullable Object> fields,
            AskedMetric metric,
            double fraction,
            List<? extends Number> sorted,
            double unit) {
        if (metric.limits().confidence() == 0) {
            return;
        }
        double deviations =
                switch ((int) metric.limits().confidence()) {
                    case 90 -> 1.6448536269514722;
                    case 95 -> 1.959963984540054;
                    default -> 2.5758293035489004;
                };
        int n = sorted.size();
        double below = n * fraction;
        double around = deviations * Math.sqrt(n * fraction * (1 - fraction));
        int first = (int) Math.floor(below - around) - 1;
        int last = (int) Math.ceil(below + around);
        boolean told = first >= 0 && last < n;
        fields.put("low" + fraction, told ? (Double) (sorted.get(first).doubleValue() / unit) : null);
        fields.put("high" + fraction, told ? (Double) (sorted.get(last).doubleValue() / unit) : null);
    }

    /** Linear between the two closest ranks. */
    static double percentile(List<Long> sorted, double fraction) {
        double position = fraction * (sorted.size() - 1);
        int lower = (int) Math.floor(position);
        int upper = Math.min(lower + 1, sorted.size() - 1);
        double weight = position - lower;
        return sorted.get(lower) + weight * (sorted.get(upper) - sorted.get(lower));
    }

    /** Microseconds a token after the first, of a request with at least two. */
    private static @Nullable Double timePerToken(OracleRow row) {
        Long tokens = row.outputTokens();
        Long first = timeToFirstToken(row);
        Long last = latency(row);
        if (tokens == null || tokens < 2 || first == null || last == null || last < first) {
            return null;
        }
        return (double) (last - first) / (tokens - 1);
    }

    /** Tokens a second after the first token; none where all came at once. */
    private static @Nullable Double speed(OracleRow row) {
        Long tokens = row.outputTokens();
        Long first = row.ttftUs();
        Long last = row.responseUs();
        if (timePerToken(row) == null || tokens == null || first == null || last == null || last.equals(first)) {
            return null;
        }
        return (tokens - 1) * 1e6 / (last - first);
    }

    private static void quotients(
            Map<String, @Nullable Object> fields,
            AskedMetric metric,
            List<OracleRow> rows,
            Function<OracleRow, @Nullable Double> measure,
            double unit) {
        List<Double> values = new ArrayList<>();
        for (OracleRow row : rows) {
            Double value = measure.apply(row);
            if (value != null) {
                values.add(value / unit);
            }
        }
        Collections.sort(values);
        int n = values.size();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        fields.put("mean", n == 0 ? null : (Double) (sum / n));
        fields.put("min", n == 0 ? null : values.get(0));
        fields.put("max", n == 0 ? null : values.get(n - 1));
        for (double fraction : metric.percentiles()) {
            fields.put("p" + fraction, n == 0 ? null : (Double) between(values, fraction));
            interval(fields, metric, fraction, values, 1);
        }
        fields.put("sampleSize", (long) n);
    }

    private static double between(List<Double> sorted, double fraction) {
        double position = fraction * (sorted.size() - 1);
        int lower = (int) Math.floor(position);
        int upper = Math.min(lower + 1, sorted.size() - 1);
        return sorted.get(lower) + (position - lower) * (sorted.get(upper) - sorted.get(lower));
    }

    private static void users(Map<String, @Nullable Object> fields, List<OracleRow> rows) {
        Set<String> users = new HashSet<>();
        long known = 0;
        for (OracleRow row : rows) {
            String user = row.user();
            if (user != null) {
                users.add(user);
                known++;
            }
        }
        fields.put("count", known == 0 && !rows.isEmpty() ? null : (Long) (long) users.size());
        fields.put("sampleSize", known);
    }

    private static @Nullable Long allTokens(OracleRow row) {
        Long input = row.inputTokens();
        Long output = row.outputTokens();
        if (input == null && output == null) {
            return null;
        }
        return (input == null ? 0 : input) + (output == null ? 0 : output);
    }

    private static void systemThroughput(Map<String, @Nullable Object> fields, List<OracleRow> rows, double seconds) {
        tokens(fields, rows, OracleRow::outputTokens);
        Object total = fields.remove("total");
        fields.put("tokensPerSecond", total instanceof Long sum ? (Double) (sum / seconds) : null);
    }

    private static void saved(Map<String, @Nullable Object> fields, List<OracleRow> rows) {
        long known = rows.stream().filter(row -> row.cached() != null).count();
        boolean anyHit = rows.stream().anyMatch(row -> Boolean.TRUE.equals(row.cached()));
        List<Double> hits = new ArrayList<>();
        List<Double> misses = new ArrayList<>();
        for (OracleRow row : rows) {
            Long time = latency(row);
            if (row.cached() != null && time != null) {
                (row.cached() ? hits : misses).add((double) time);
            }
        }
        Double saved = null;
        if (!anyHit) {
            saved = known == 0 && !rows.isEmpty() ? null : (Double) 0.0;
        } else if (!hits.isEmpty() && !misses.isEmpty()) {
            double mean = sum(misses) / misses.size();
            saved = (hits.size() * mean - sum(hits)) / 1000;
        }
        fields.put("milliseconds", saved);
        fields.put("sampleSize", known);
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static void promptCache(
            Map<String, @Nullable Object> fields, List<OracleRow> rows, boolean inputIncludesCached) {
        long tokens = 0;
        long all = 0;
        long counted = 0;
        for (OracleRow row : rows) {
            Long input = row.inputTokens();
            Long read = row.cacheRead();
            if (input == null || read == null || (inputIncludesCached && read > input)) {
                continue;
            }
            Long write = row.cacheWrite();
            tokens += read;
            all += inputIncludesCached ? input : input + read + (write == null ? 0 : write);
            counted++;
        }
        fields.put("ratio", all == 0 ? null : (Double) ((double) tokens / all));
        fields.put("tokens", tokens);
        fields.put("allTokens", all);
        fields.put("sampleSize", counted);
    }

    private static void unitCost(
            Map<String, @Nullable Object> fields,
            List<OracleRow> rows,
            long per,
            Function<OracleRow, @Nullable Long> units) {
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal number = BigDecimal.ZERO;
        long counted = 0;
        for (OracleRow row : rows) {
            BigDecimal price = row.cost();
            Long one = units.apply(row);
            if (price != null && one != null) {
                cost = cost.add(price);
                number = number.add(BigDecimal.valueOf(one));
                counted++;
            }
        }
        boolean undefined = number.signum() == 0;
        BigDecimal all = cost.multiply(BigDecimal.valueOf(per));
        fields.put("value", undefined ? null : all.divide(number, 12, RoundingMode.HALF_EVEN));
        BigDecimal cut = undefined ? null : all.divide(number, 24, RoundingMode.DOWN);
        fields.put("exact", cut);
        fields.put("headline", cut == null ? null : (Double) cut.doubleValue());
        fields.put("coverage", rows.isEmpty() ? null : (Double) ((double) counted / rows.size()));
        fields.put("sampleSize", counted);
    }

    /** Whether a limit is kept; null when that is not known. */
    private static @Nullable Boolean kept(@Nullable Number value, long limit) {
        return value == null ? null : (Boolean) (value.doubleValue() <= limit);
    }

    private static void judged(Map<String, @Nullable Object> fields, List<OracleRow> rows, Limits limits) {
        long good = 0;
        long bad = 0;
        for (OracleRow row : rows) {
            boolean forStreams = limits.ttft() != null || limits.tpot() != null;
            if (Boolean.TRUE.equals(row.blocked()) || (forStreams && Boolean.FALSE.equals(row.streamed()))) {
                continue;
            }
            List<@Nullable Boolean> verdicts = new ArrayList<>();
            if (Boolean.FALSE.equals(row.success())) {
                verdicts.add(false);
            }
            if (limits.success()) {
                verdicts.add(row.success());
            }
            if (limits.ttft() != null) {
                verdicts.add(kept(timeToFirstToken(row), limits.ttft()));
            }
            if (limits.tpot() != null) {
                Long tokens = row.outputTokens();
                verdicts.add((tokens != null && tokens < 2) ? (Boolean) true : kept(timePerToken(row), limits.tpot()));
            }
            if (limits.latency() != null) {
                verdicts.add(kept(latency(row), limits.latency()));
            }
            if (verdicts.contains(false)) {
                bad++;
            } else if (!verdicts.contains(null)) {
                good++;
            }
        }
        fields.put("good", good);
        fields.put("bad", bad);
        fields.put("sampleSize", good + bad);
    }

    private static void apdex(Map<String, @Nullable Object> fields, List<OracleRow> rows, Limits limits) {
        long satisfied = 0;
        long tolerating = 0;
        long frustrated = 0;
        for (OracleRow row : rows) {
            boolean ofStreams = limits.of().equals("ttft") || limits.of().equals("tpot");
            if (Boolean.TRUE.equals(row.blocked()) || (ofStreams && Boolean.FALSE.equals(row.streamed()))) {
                continue;
            }
            Number time =
                    switch (limits.of()) {
                        case "ttft" -> timeToFirstToken(row);
                        case "tpot" -> timePerToken(row);
                        case "latency" -> latency(row);
                        case "queuing_time" -> queuing(row);
                        default -> throw new IllegalArgumentException(limits.of());
                    };
            if (Boolean.FALSE.equals(row.success())) {
                frustrated++;
            } else if (time != null) {
                double target = limits.target();
                if (time.doubleValue() <= target) {
                    satisfied++;
                } else if (time.doubleValue() <= 4 * target) {
                    tolerating++;
                } else {
                    frustrated++;
                }
            }
        }
        long all = satisfied + tolerating + frustrated;
        fields.put("score", all == 0 ? null : (Double) ((satisfied + tolerating / 2.0) / all));
        fields.put("satisfied", satisfied);
        fields.put("tolerating", tolerating);
        fields.put("frustrated", frustrated);
    }

    private static void tokens(
            Map<String, @Nullable Object> fields, List<OracleRow> rows, Function<OracleRow, @Nullable Long> measure) {
        long total = 0;
        long measured = 0;
        for (OracleRow row : rows) {
            Long value = measure.apply(row);
            if (value != null) {
                total += value;
                measured++;
            }
        }
        fields.put("total", measured == 0 && !rows.isEmpty() ? null : (Long) total);
        fields.put("sampleSize", measured);
    }

    private static void throughput(Map<String, @Nullable Object> fields, List<OracleRow> rows) {
        double tokens = 0;
        double micros = 0;
        long measured = 0;
        for (OracleRow row : rows) {
            Long output = row.outputTokens();
            Long time = latency(row);
            if (output != null && time != null) {
                measured++;
                tokens += output;
                micros += time;
            }
        }
        fields.put("tokensPerSecond", micros == 0 ? null : (Double) (tokens * 1_000_000 / micros));
        fields.put("sampleSize", measured);
    }

    private static void cache(Map<String, @Nullable Object> fields, List<OracleRow> rows) {
        long known = rows.stream().filter(row -> row.cached() != null).count();
        List<OracleRow> hits =
                rows.stream().filter(row -> Boolean.TRUE.equals(row.cached())).toList();
        double sum = 0;
        long measured = 0;
        for (OracleRow row : hits) {
            Long time = latency(row);
            if (time != null) {
                sum += time;
                measured++;
            }
        }
        fields.put("hitRatio", known == 0 ? null : (Double) ((double) hits.size() / known));
        fields.put("hitCount", known == 0 && !rows.isEmpty() ? null : (Long) (long) hits.size());
        fields.put("meanHitLatency", measured == 0 ? null : (Double) (sum / measured / 1000));
    }

    private static void cost(Map<String, @Nullable Object> fields, List<OracleRow> rows) {
        BigDecimal total = BigDecimal.ZERO;
        long priced = 0;
        for (OracleRow row : rows) {
            BigDecimal cost = row.cost();
            if (cost != null) {
                total = total.add(cost);
                priced++;
            }
        }
        fields.put("total", priced == 0 && !rows.isEmpty() ? null : total);
        fields.put("coverage", rows.isEmpty() ? null : (Double) ((double) priced / rows.size()));
    }

    /**
     * How many ran at once, at most, between two moments. A request runs from its arrival until its latency has passed;
     * it no longer runs at the moment of its end, so ends are taken before starts.
     */
    private @Nullable Long peak(List<OracleRow> arrived, List<OracleRow> all, long from, long to) {
        // the look-back is before the range, and for the period before the range before that period
        long earliest = Math.min(from, OracleRow.micros(ask.from())) - ask.lookBackMicros();
        record Event(long time, int step) {}
        List<Event> events = new ArrayList<>();
        boolean measured = arrived.stream().anyMatch(row -> latency(row) != null);
        for (OracleRow row : all) {
            Long time = latency(row);
            if (time == null || row.arrival() < earliest) {
                continue;
            }
            long start = Math.max(row.arrival(), from);
            long stop = Math.min(row.arrival() + time, to);
            if (start < stop) {
                measured = true;
                events.add(new Event(start, 1));
                events.add(new Event(stop, -1));
            }
        }
        if (!measured && !arrived.isEmpty()) {
            return null;
        }
        events.sort(Comparator.comparingLong(Event::time).thenComparingInt(Event::step));
        long running = 0;
        long peak = 0;
        for (Event event : events) {
            running += event.step();
            peak = Math.max(peak, running);
        }
        return peak;
    }

    /** The time all of them ran between two moments, over the time between the two. */
    private @Nullable Double average(List<OracleRow> arrived, List<OracleRow> all, long from, long to) {
        long earliest = Math.min(from, OracleRow.micros(ask.from())) - ask.lookBackMicros();
        boolean measured = arrived.isEmpty();
        long time = 0;
        for (OracleRow row : all) {
            Long latency = latency(row);
            if (latency == null) {
                continue;
            }
            measured |= arrived.contains(row);
            if (row.arrival() >= earliest) {
                long overlap = Math.min(row.arrival() + latency, to) - Math.max(row.arrival(), from);
                time += Math.max(overlap, 0);
                measured |= overlap > 0;
            }
        }
        return measured ? (Double) ((double) time / (to - from)) : null;
    }
}
