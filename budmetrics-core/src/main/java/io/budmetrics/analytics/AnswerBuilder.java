package io.budmetrics.analytics;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.analytics.GivenCells.GivenRow;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link AnalyticsAnswer} by hand, so that code which reads answers can be tested without a server.
 *
 * <pre>{@code
 * AnalyticsAnswer answer = AnalyticsAnswer.builder(question)
 *     .row(monday, Group.of(MODEL, gpt), 120)
 *     .value(SUCCESSFUL_REQUESTS, Share.of(118, 120, 120))
 *     .value(LATENCY, Distribution.of(120, 120, 850, 90, 4000, Map.of(0.95, 2100.0, 0.99, 3600.0)))
 *     .row(tuesday, Group.of(MODEL, gpt), 80)
 *     .build();
 * }</pre>
 *
 * <p>A bucket without a row is one in which nothing arrived; a value that is not given was not measured. What no server
 * would answer is refused. Every method changes this builder and returns it; not thread-safe.
 */
public final class AnswerBuilder {
    private final AnalyticsQuestion question;
    private final BucketAxis axis;
    private final Map<Group, SortedMap<Integer, GivenRow>> rows = new LinkedHashMap<>();
    private final Map<Group, SortedMap<Integer, GivenRow>> totals = new LinkedHashMap<>();
    private @Nullable GivenRow last = null;
    private @Nullable AnswerBuilder compared = null;

    AnswerBuilder(AnalyticsQuestion question) {
        this.question = Objects.requireNonNull(question, "question is null");
        this.axis = BucketAxis.of(question.range(), question.frequency());
    }

    /**
     * Begins the row of all requests in a bucket, for a question without dimensions.
     *
     * @param moment any moment of the bucket; with deltas the one before the range can have a row too
     * @param requests how many requests arrived in it, 0 or more
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY as {@link #row(Instant, Group, long)}
     */
    @CanIgnoreReturnValue
    public AnswerBuilder row(Instant moment, long requests) {
        return row(moment, Group.everything(), requests);
    }

    /**
     * Begins the row of a group in a bucket.
     *
     * @param moment any moment of the bucket; with deltas the one before the range can have a row too
     * @param group of the question's dimensions, in their order
     * @param requests how many of its requests arrived in the bucket, 0 or more
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY when the question has no such bucket or group, or the row is there already
     */
    @CanIgnoreReturnValue
    public AnswerBuilder row(Instant moment, Group group, long requests) {
        Objects.requireNonNull(moment, "moment is null");
        Objects.requireNonNull(group, "group is null");
        int bucket = bucketAt(moment);
        requireGroup(group);
        if (!begin(rows, group, bucket, requests)) {
            throw BudMetricsException.invalidQuery("the group has two rows in the bucket from "
                    + Micros.instant(axis.start(bucket)) + "; give it one");
        }
        return this;
    }

    private boolean begin(Map<Group, SortedMap<Integer, GivenRow>> among, Group group, int bucket, long requests) {
        if (requests < 0) {
            throw BudMetricsException.invalidQuery("requests is " + requests + "; give 0 or more");
        }
        GivenRow row = new GivenRow(requests, new HashMap<>());
        if (among.computeIfAbsent(group, unknown -> new TreeMap<>()).putIfAbsent(bucket, row) != null) {
            return false;
        }
        last = row;
        return true;
    }

    /**
     * Begins the total of all groups over the whole range. Totals need not be given: what may be added up is added up from
     * the rows, and the rest was not measured.
     *
     * @param requests how many requests arrived, which is what the rows in the range say
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for totals, or this one is there already
     */
    @CanIgnoreReturnValue
    public AnswerBuilder total(long requests) {
        return total(Group.everything(), Cells.WHOLE_RANGE, requests);
    }

    /**
     * Begins the total of a group over the whole range.
     *
     * @param group one that has rows
     * @param requests how many of its requests arrived, which is what its rows in the range say
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY as {@link #total(long)}, and when the question has no such group
     */
    @CanIgnoreReturnValue
    public AnswerBuilder total(Group group, long requests) {
        Objects.requireNonNull(group, "group is null");
        requireGroup(group);
        return total(group, Cells.WHOLE_RANGE, requests);
    }

    /**
     * Begins the total of all groups in a bucket, for a question with dimensions.
     *
     * @param moment any moment of the bucket; with deltas the one before the range can have a total too
     * @param requests how many requests arrived in it, which is what the rows of its groups say
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY as {@link #total(long)}, and when the question has no such bucket or no
     *     dimensions
     */
    @CanIgnoreReturnValue
    public AnswerBuilder total(Instant moment, long requests) {
        Objects.requireNonNull(moment, "moment is null");
        if (question.groupBy().isEmpty()) {
            throw BudMetricsException.invalidQuery(
                    "without dimensions the row of a bucket is its total; give it with row(...)");
        }
        return total(Group.everything(), bucketAt(moment), requests);
    }

    private AnswerBuilder total(Group group, int bucket, long requests) {
        if (!question.withTotals()) {
            throw BudMetricsException.invalidQuery("the question does not ask for totals; build it with withTotals()");
        }
        if (!begin(totals, group, bucket, requests)) {
            throw BudMetricsException.invalidQuery("a total is given twice; give it once");
        }
        return this;
    }

    private int bucketAt(Instant moment) {
        int low = question.withDelta() ? -1 : 0;
        int high = axis.count();
        if (moment.isBefore(start(low)) || !moment.isBefore(start(high))) {
            throw BudMetricsException.invalidQuery("row at " + moment + ", but the question's buckets are from "
                    + start(low) + " to " + start(high) + ", exclusive; give a moment of one of them");
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (moment.isBefore(start(middle))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private Instant start(int bucket) {
        return Micros.instant(axis.start(bucket));
    }

    private void requireGroup(Group group) {
        if (!group.dimensions().equals(question.groupBy())) {
            throw BudMetricsException.invalidQuery("the group is of " + group.dimensions() + ", the question groups by "
                    + question.groupBy() + "; make it with Group.of(...).and(...) in that order");
        }
        Optional<TopN> top = question.top();
        if (group.isOthers()) {
            if (top.isEmpty()) {
                throw BudMetricsException.invalidQuery(
                        "the group of others exists only in a ranking; build the question with top(n)");
            }
            return;
        }
        if (top.isPresent() && !rows.containsKey(group)) {
            long known =
                    rows.keySet().stream().filter(other -> !other.isOthers()).count();
            if (known == top.get().size()) {
                throw BudMetricsException.invalidQuery("the question keeps the top " + known
                        + " groups and all have rows; the rest belongs to Group.others(...)");
            }
        }
    }

    /**
     * Sets the value of a metric in the row that was begun last.
     *
     * @param metric one that the question asks for, found by its name
     * @param value its value, of as many requests as the row
     * @param <V> the type of its values
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY when there is no row yet, the question does not ask for the metric, the
     *     row has its value already, or the value is of another number of requests, type or percentiles
     */
    @CanIgnoreReturnValue
    public <V extends MetricValue> AnswerBuilder value(Metric<V> metric, V value) {
        Objects.requireNonNull(metric, "metric is null");
        Objects.requireNonNull(value, "value is null");
        if (last == null) {
            throw BudMetricsException.invalidQuery(metric + " has no row to belong to; begin one with row(...)");
        }
        Metric<?> asked = question.metrics().stream()
                .filter(one -> one.name().equals(metric.name()))
                .findFirst()
                .orElseThrow(() -> AnalyticsAnswer.notAskedFor(question, metric));
        requireFit(asked, value, last.requests());
        if (last.values().putIfAbsent(metric.name(), value) != null) {
            throw BudMetricsException.invalidQuery(metric + " has two values in one row; give it one");
        }
        return this;
    }

    /**
     * Sets rows, values and totals of the range that this one is compared with. What is not given did not happen.
     *
     * @param rowsOfIt is handed a builder for that range at once
     * @return this builder
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    @CanIgnoreReturnValue
    public AnswerBuilder compared(Consumer<AnswerBuilder> rowsOfIt) {
        Objects.requireNonNull(rowsOfIt, "rowsOfIt is null");
        if (compared == null) {
            compared = new AnswerBuilder(question.compared().orElseThrow(AnalyticsAnswer::comparesNothing));
        }
        rowsOfIt.accept(compared);
        return this;
    }

    /** A value fits when it can be read back from what JSON says of it. */
    @SuppressWarnings("unchecked") // the class of the value is the metric's
    private static <V extends MetricValue> void requireFit(Metric<V> metric, MetricValue value, long requests) {
        V unmeasured = GivenCells.unmeasured(metric, requests, 1);
        if (value.getClass() != unmeasured.getClass()) {
            throw BudMetricsException.invalidQuery("a value of " + metric + " is a "
                    + unmeasured.getClass().getSimpleName() + ", not a "
                    + value.getClass().getSimpleName());
        }
        Map<String, @Nullable BigDecimal> fields = new HashMap<>();
        Measurement<V> measurement = Internals.of(metric);
        measurement
                .fields((V) value, true)
                .forEach((name, number) -> fields.put(
                        name, number == null ? null : JsonNumber.of(number).value()));
        V read;
        try {
            read = measurement.parse(fields, requests);
        } catch (BudMetricsException impossible) {
            read = unmeasured;
        }
        if (!read.equals(value)) {
            throw BudMetricsException.invalidQuery(value + " does not fit: a value of " + metric + " here is of "
                    + requests + " requests" + levels(unmeasured));
        }
    }

    private static String levels(MetricValue value) {
        return value instanceof Distribution distribution ? " and has the percentiles " + distribution.levels() : "";
    }

    /**
     * Builds the answer. Groups are in the order that a server gives them; those of a ranking as they were given, others
     * last.
     *
     * @return an answer that later calls of this builder do not change
     * @throws BudMetricsException INVALID_QUERY when a group has no request in the range, or a total is not one of its rows
     */
    public AnalyticsAnswer build() {
        Set<Group> groups = new LinkedHashSet<>(rows.keySet());
        if (compared != null) {
            groups.addAll(compared.rows.keySet());
        }
        List<Group> ordered = new ArrayList<>(groups);
        ordered.sort(question.top().isPresent() ? AnswerBuilder::othersLast : AnswerBuilder::byText);
        ordered.forEach(this::requireTraffic);
        GivenCells cells = cells(ordered);
        AnalyticsQuestion other = question.compared().orElse(null);
        if (other == null) {
            return new AnalyticsAnswer(question, axis, cells, null);
        }
        AnswerBuilder before = compared == null ? new AnswerBuilder(other) : compared;
        return new AnalyticsAnswer(
                question, axis, cells, new AnalyticsAnswer(other, before.axis, before.cells(ordered), null));
    }

    private GivenCells cells(List<Group> ordered) {
        GivenCells cells = new GivenCells(question, axis);
        if (question.groupBy().isEmpty()) {
            cells.add(Group.everything());
        }
        for (Group group : ordered) {
            cells.add(group);
            rows.getOrDefault(group, new TreeMap<>())
                    .forEach((bucket, row) ->
                            cells.put(group, bucket, new GivenRow(row.requests(), Map.copyOf(row.values()))));
        }
        if (question.withTotals()) {
            addTotals(cells);
        }
        return cells;
    }

    private void addTotals(GivenCells cells) {
        for (Group group : totals.keySet()) {
            if (!group.equals(Group.everything()) && !rows.containsKey(group)) {
                throw BudMetricsException.invalidQuery(
                        "a total belongs to a group without rows; give the group rows first");
            }
        }
        List<GivenRow> everything = new ArrayList<>();
        SortedMap<Integer, List<GivenRow>> periods = new TreeMap<>();
        for (int bucket :
                totals.getOrDefault(Group.everything(), new TreeMap<>()).keySet()) {
            if (bucket != Cells.WHOLE_RANGE) {
                periods.put(bucket, new ArrayList<>());
            }
        }
        rows.forEach((group, ofGroup) -> {
            List<GivenRow> inRange = List.copyOf(ofGroup.tailMap(0).values());
            everything.addAll(inRange);
            ofGroup.forEach((bucket, row) ->
                    periods.computeIfAbsent(bucket, first -> new ArrayList<>()).add(row));
            if (!question.groupBy().isEmpty()) {
                cells.put(group, Cells.WHOLE_RANGE, total(group, Cells.WHOLE_RANGE, inRange));
            }
        });
        if (!question.groupBy().isEmpty()) {
            periods.forEach((bucket, ofPeriod) ->
                    cells.put(Group.everything(), bucket, total(Group.everything(), bucket, ofPeriod)));
        }
        cells.put(Group.everything(), Cells.WHOLE_RANGE, total(Group.everything(), Cells.WHOLE_RANGE, everything));
    }

    /** A total as it was given, with what its rows add up to. */
    private GivenRow total(Group group, int bucket, List<GivenRow> parts) {
        long requests = parts.stream().mapToLong(GivenRow::requests).sum();
        GivenRow given = totals.getOrDefault(group, new TreeMap<>()).get(bucket);
        if (given != null && given.requests() != requests) {
            throw BudMetricsException.invalidQuery("a total is of " + given.requests()
                    + " requests, but its rows are of " + requests + "; give as many");
        }
        Map<String, MetricValue> values = new HashMap<>(given == null ? Map.of() : given.values());
        for (Metric<?> metric : question.metrics()) {
            if (metric.additivity() == Additivity.BUCKETS_AND_GROUPS) {
                MetricValue sum = sum(metric, parts);
                MetricValue named = values.put(metric.name(), sum);
                if (named != null && !named.equals(sum)) {
                    throw BudMetricsException.invalidQuery("the total " + named + " of " + metric
                            + " is not what its rows add up to, " + sum + "; leave it out");
                }
            }
        }
        return new GivenRow(requests, Map.copyOf(values));
    }

    @SuppressWarnings("unchecked") // the class of the value is the metric's
    private static <V extends MetricValue> V sum(Metric<V> metric, List<GivenRow> parts) {
        Sum<V> sum = new Sum<>(metric);
        for (GivenRow part : parts) {
            MetricValue value = part.values().get(metric.name());
            sum.add(value == null ? GivenCells.unmeasured(metric, part.requests(), 1) : (V) value, part.requests());
        }
        return sum.value();
    }

    private void requireTraffic(Group group) {
        if (question.groupBy().isEmpty() || hasTraffic(group)) {
            return;
        }
        if (compared == null || !compared.hasTraffic(group)) {
            SortedMap<Integer, GivenRow> ofGroup = rows.get(group);
            throw BudMetricsException.invalidQuery(
                    ofGroup == null
                            ? "a group has no request in either range, so it cannot be in an answer; give it one, or leave it out"
                            : "the group whose first row is in the bucket from " + start(ofGroup.firstKey())
                                    + " has no request in the range, so it cannot be in an answer; give it one, or leave it out");
        }
        if (!question.having().isEmpty() || (question.top().isPresent() && !group.isOthers())) {
            throw BudMetricsException.invalidQuery(
                    "a group has requests only in the range that this one is compared with,"
                            + " but a ranking and having keep groups of this range; give it some, or leave it out");
        }
    }

    private boolean hasTraffic(Group group) {
        return rows.getOrDefault(group, new TreeMap<>()).tailMap(0).values().stream()
                .anyMatch(row -> row.requests() > 0);
    }

    private static int othersLast(Group a, Group b) {
        return Boolean.compare(a.isOthers(), b.isOthers());
    }

    /** As the server compares: bytes, and what is missing last. */
    private static int byText(Group a, Group b) {
        List<@Nullable String> left = a.texts();
        List<@Nullable String> right = b.texts();
        for (int i = 0; i < left.size(); i++) {
            String one = left.get(i);
            String other = right.get(i);
            int order = one == null || other == null
                    ? Boolean.compare(one == null, other == null)
                    : Arrays.compareUnsigned(
                            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
