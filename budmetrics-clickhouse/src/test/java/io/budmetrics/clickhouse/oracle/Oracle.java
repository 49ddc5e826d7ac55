package io.budmetrics.clickhouse.oracle;

import io.budmetrics.clickhouse.oracle.Ask.AskedMetric;
import io.budmetrics.clickhouse.oracle.Ask.Condition;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.GroupKey;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Span;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        return new Oracle(ask, deliveries).answer();
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
        Object value = dimension(row, condition.dimension());
        return value != null && condition.values().contains(value);
    }

    private static @Nullable Object dimension(OracleRow row, String name) {
        return switch (name) {
            case "project" -> row.project();
            case "endpoint" -> row.endpoint();
            case "model" -> row.model();
            case "user_project" -> row.apiKeyProject();
            case "api_key" -> row.apiKey();
            case "prompt" -> row.prompt();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static List<OracleRow> arrivedIn(List<OracleRow> rows, long from, long to) {
        return rows.stream()
                .filter(row -> row.arrival() >= from && row.arrival() < to)
                .toList();
    }

    // the calendar

    private static LocalDateTime plus(LocalDateTime time, String unit, long count) {
        return switch (unit) {
            case "MINUTE" -> time.plusMinutes(count);
            case "HOUR" -> time.plusHours(count);
            case "DAY" -> time.plusDays(count);
            case "WEEK" -> time.plusWeeks(count);
            case "MONTH" -> time.plusMonths(count);
            case "QUARTER" -> time.plusMonths(3 * count);
            case "YEAR" -> time.plusYears(count);
            default -> throw new IllegalArgumentException(unit);
        };
    }

    private static LocalDateTime startOf(LocalDateTime time, String unit) {
        LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
        return switch (unit) {
            case "MINUTE" -> time.truncatedTo(ChronoUnit.MINUTES);
            case "HOUR" -> time.truncatedTo(ChronoUnit.HOURS);
            case "DAY" -> day;
            case "WEEK" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case "MONTH" -> day.withDayOfMonth(1);
            case "QUARTER" -> day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3);
            case "YEAR" -> day.withDayOfYear(1);
            default -> throw new IllegalArgumentException(unit);
        };
    }

    /** The k-th edge; the 0-th is the start of the first period. */
    private Instant edge(long k) {
        LocalDateTime from = LocalDateTime.ofInstant(ask.from(), ZoneOffset.UTC);
        LocalDateTime first = ask.interval() == 1 ? startOf(from, ask.unit()) : from;
        return plus(first, ask.unit(), k * ask.interval()).toInstant(ZoneOffset.UTC);
    }

    private List<Span> periods() {
        List<Span> periods = new ArrayList<>();
        for (long k = 0; edge(k).isBefore(ask.end()); k++) {
            Instant from = edge(k);
            Instant to = edge(k + 1);
            periods.add(new Span(
                    from, to, from.isBefore(ask.from()) ? ask.from() : from, to.isAfter(ask.end()) ? ask.end() : to));
        }
        return periods;
    }

    // groups

    private GroupKey keyOf(OracleRow row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (String name : ask.dimensions()) {
            values.add(dimension(row, name));
        }
        return new GroupKey(Collections.unmodifiableList(values), false);
    }

    private static int byText(GroupKey left, GroupKey right) {
        for (int position = 0; position < left.values().size(); position++) {
            Object a = left.values().get(position);
            Object b = right.values().get(position);
            if (a == null || b == null) {
                if (a != b) {
                    return a == null ? 1 : -1;
                }
                continue;
            }
            int order = Arrays.compareUnsigned(
                    a.toString().getBytes(StandardCharsets.UTF_8), b.toString().getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Every group that had a request in the range, in order, with all its rows of all times. */
    private Map<GroupKey, List<OracleRow>> groups() {
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
        present.sort(Oracle::byText);
        AskedMetric by = ask.by();
        if (ask.top() > 0 && by != null) {
            Map<GroupKey, @Nullable Double> score = new HashMap<>();
            for (GroupKey key : present) {
                List<OracleRow> rows = arrivedIn(members.getOrDefault(key, List.of()), from, end);
                // what still runs from before takes no part in the ranking
                score.put(key, headline(by.name(), fields(by, rows, rows, from, end)));
            }
            Comparator<Double> order = ask.smallestFirst() ? Comparator.naturalOrder() : Comparator.reverseOrder();
            present.sort(Comparator.comparing(score::get, Comparator.nullsLast(order)));
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
            if (!groups.containsKey(key)) {
                others.addAll(rows);
            }
        });
        if (present.size() > groups.size()) {
            groups.put(OTHERS, others);
        }
        return groups;
    }

    // cells

    private OracleAnswer answer() {
        Map<GroupKey, List<OracleRow>> groups = groups();
        List<Line> lines = new ArrayList<>();
        List<Span> periods = periods();
        Span before = new Span(edge(-1), edge(0), edge(-1), edge(0));
        for (int position = 0; position < periods.size(); position++) {
            Span period = periods.get(position);
            Span former = position == 0 ? before : periods.get(position - 1);
            for (Map.Entry<GroupKey, List<OracleRow>> group : groups.entrySet()) {
                boolean traffic = !arrived(group.getValue(), period).isEmpty();
                if (traffic || ask.dense()) {
                    lines.add(line(period, former, group.getKey(), group.getValue(), traffic));
                }
            }
        }
        return new OracleAnswer(List.copyOf(groups.keySet()), lines);
    }

    private Line line(Span period, Span former, GroupKey key, List<OracleRow> rows, boolean traffic) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (AskedMetric metric : ask.metrics()) {
            Map<String, @Nullable Object> now = fields(metric, rows, period);
            Double change = null;
            Double ratio = null;
            if (ask.delta()) {
                Double current = headline(metric.name(), now);
                Double previous = headline(metric.name(), fields(metric, rows, former));
                if (current != null && previous != null) {
                    change = current - previous;
                    ratio = previous == 0 ? null : change / previous;
                }
            }
            boolean comparable = !period.partial() && !former.partial();
            cells.put(
                    metric.name(),
                    new Cell(now, absence(metric.name(), now, arrived(rows, period)), change, ratio, comparable));
        }
        return new Line(period, key, traffic, cells);
    }

    private static List<OracleRow> arrived(List<OracleRow> rows, Span period) {
        return arrivedIn(rows, OracleRow.micros(period.coveredFrom()), OracleRow.micros(period.coveredTo()));
    }

    private Map<String, @Nullable Object> fields(AskedMetric metric, List<OracleRow> rows, Span period) {
        long from = OracleRow.micros(period.coveredFrom());
        long to = OracleRow.micros(period.coveredTo());
        return fields(metric, arrivedIn(rows, from, to), rows, from, to);
    }

    /** The number that deltas and rankings take. */
    private static @Nullable Double headline(String metric, Map<String, @Nullable Object> fields) {
        String name =
                switch (metric) {
                    case "request_count", "success_request", "failure_request" -> "count";
                    case "queuing_time", "ttft", "latency" -> "mean";
                    case "input_token", "output_token", "cost" -> "total";
                    case "concurrent_requests" -> "peak";
                    case "throughput" -> "tokensPerSecond";
                    case "cache" -> "hitRatio";
                    default -> throw new IllegalArgumentException(metric);
                };
        return fields.get(name) instanceof Number number ? (Double) number.doubleValue() : null;
    }

    private static @Nullable String absence(
            String metric, Map<String, @Nullable Object> fields, List<OracleRow> arrived) {
        if (headline(metric, fields) != null) {
            return null;
        }
        if (arrived.isEmpty()) {
            return "NO_TRAFFIC";
        }
        boolean divisorIsZero = metric.equals("throughput")
                && arrived.stream().anyMatch(row -> row.outputTokens() != null && latency(row) != null);
        return divisorIsZero ? "UNDEFINED" : "NOT_MEASURED";
    }

    private Map<String, @Nullable Object> fields(
            AskedMetric metric, List<OracleRow> arrived, List<OracleRow> all, long from, long to) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        switch (metric.name()) {
            case "request_count" -> fields.put("count", (long) arrived.size());
            case "success_request" -> share(fields, arrived, true);
            case "failure_request" -> share(fields, arrived, false);
            case "queuing_time" -> durations(fields, metric, arrived, Oracle::queuing);
            case "ttft" -> durations(fields, metric, arrived, Oracle::timeToFirstToken);
            case "latency" -> durations(fields, metric, arrived, Oracle::latency);
            case "input_token" -> tokens(fields, arrived, OracleRow::inputTokens);
            case "output_token" -> tokens(fields, arrived, OracleRow::outputTokens);
            case "concurrent_requests" -> fields.put("peak", peak(arrived, all, from, to));
            case "throughput" -> throughput(fields, arrived);
            case "cache" -> cache(fields, arrived);
            case "cost" -> cost(fields, arrived);
            default -> throw new IllegalArgumentException(metric.name());
        }
        return fields;
    }

    private static void share(Map<String, @Nullable Object> fields, List<OracleRow> rows, boolean wanted) {
        long known = rows.stream().filter(row -> row.success() != null).count();
        long count = rows.stream()
                .filter(row -> row.success() != null && row.success() == wanted)
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
        }
        fields.put("sampleSize", (long) n);
    }

    /** Linear between the two closest ranks. */
    static double percentile(List<Long> sorted, double fraction) {
        double position = fraction * (sorted.size() - 1);
        int lower = (int) Math.floor(position);
        int upper = Math.min(lower + 1, sorted.size() - 1);
        double weight = position - lower;
        return sorted.get(lower) + weight * (sorted.get(upper) - sorted.get(lower));
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
        for (OracleRow row : rows) {
            Long output = row.outputTokens();
            Long time = latency(row);
            if (output != null && time != null) {
                tokens += output;
                micros += time;
            }
        }
        fields.put("tokensPerSecond", micros == 0 ? null : (Double) (tokens * 1_000_000 / micros));
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
}
