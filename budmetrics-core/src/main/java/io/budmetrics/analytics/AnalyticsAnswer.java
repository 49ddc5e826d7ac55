package io.budmetrics.analytics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.budmetrics.analytics.Cells.Spot;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.time.Micros;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.sql.Columns;
import io.budmetrics.time.BucketAxis;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AnalyticsQuestion}, as a grid of groups and buckets. It keeps what the server sent and
 * computes each cell when it is read; its lists cannot be changed. Immutable and safe for use by many threads, compared
 * by value. Writes JSON with a bare <code>ObjectMapper</code>, and reads it when the question asked for details.
 */
public final class AnalyticsAnswer {
    private final AnalyticsQuestion question;
    private final BucketAxis axis;
    private final Cells cells;
    private final Metric<?>[] metrics;
    /** Made when they are first read, the one before the range first; racing readers make equal ones. */
    private final @Nullable Bucket[] buckets;

    private final @Nullable AnalyticsAnswer compared;

    AnalyticsAnswer(AnalyticsQuestion question, BucketAxis axis, Cells cells, @Nullable AnalyticsAnswer compared) {
        this.compared = compared;
        this.question = question;
        this.axis = axis;
        this.cells = cells;
        this.metrics = question.metrics().toArray(new Metric<?>[0]);
        this.buckets = new @Nullable Bucket[axis.count() + 1];
        if ((long) axis.count() * cells.groups().size() > Integer.MAX_VALUE) {
            throw BudMetricsException.of(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    cells.groups().size() + " groups in " + axis.count()
                            + " buckets are too many cells; use top(n) or a coarser frequency");
        }
    }

    /**
     * Starts an answer that is built by hand, for tests.
     *
     * @param question the question, with an end: <code>to</code>, <code>asOf</code> or both
     * @return a builder without rows
     * @throws BudMetricsException INVALID_QUERY when the question has no end, or too many buckets
     */
    public static AnswerBuilder builder(AnalyticsQuestion question) {
        return new AnswerBuilder(question);
    }

    /**
     * Reads an answer from the result of its statement.
     *
     * @param question the question, with an end
     * @param columns the result; the rows of a group are adjacent, by bucket
     * @return the answer
     * @throws BudMetricsException SCHEMA_MISMATCH when the result is not one of this question's statement
     */
    public static AnalyticsAnswer of(AnalyticsQuestion question, Columns columns) {
        Objects.requireNonNull(columns, "columns is null");
        BucketAxis axis = BucketAxis.of(question.range(), question.frequency());
        AnalyticsQuestion other = question.compared().orElse(null);
        if (other == null) {
            return new AnalyticsAnswer(question, axis, new ColumnCells(question, axis, null, columns), null);
        }
        BucketAxis otherAxis = BucketAxis.of(other.range(), other.frequency());
        ColumnCells cells = new ColumnCells(question, axis, otherAxis, columns);
        Cells otherCells = Objects.requireNonNull(cells.compared());
        return new AnalyticsAnswer(question, axis, cells, new AnalyticsAnswer(other, otherAxis, otherCells, null));
    }

    /**
     * Returns the question that was answered.
     *
     * @return the question, with the moment it speaks of
     */
    public AnalyticsQuestion question() {
        return question;
    }

    /**
     * Returns the moment at which the question was asked: nothing later is counted.
     *
     * @return the question's moment, or the end of its range
     */
    public Instant asOf() {
        return question.range().asOf().orElseGet(() -> Micros.instant(axis.to()));
    }

    /**
     * Returns the answer for the range that this one is compared with: it has the same groups in the same order, whether or
     * not they had requests in that range, and its own buckets.
     *
     * @return an answer to {@link AnalyticsQuestion#compared}, but for its groups
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    public AnalyticsAnswer compared() {
        if (compared == null) {
            throw comparesNothing();
        }
        return compared;
    }

    static BudMetricsException comparesNothing() {
        return BudMetricsException.invalidQuery(
                "the question compares nothing; build it with comparedWith(Comparison.previousRange()) or another");
    }

    /**
     * Whether both ranges have as many buckets. If not, the last buckets of the longer one have no counterpart.
     *
     * @return true when each bucket has a counterpart
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    public boolean bucketsMatch() {
        return axis.count() == compared().axis.count();
    }

    /**
     * The groups with a request in the range, and none in the one it is compared with.
     *
     * @return some of {@link #groups}, in their order
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    public List<Group> newGroups() {
        return compared().withoutTraffic();
    }

    /**
     * The groups without a request in the range, but with some in the one it is compared with. A ranking and
     * <code>having</code> are about the range, so that such groups are among the others, or not in the answer.
     *
     * @return some of {@link #groups}, in their order
     * @throws BudMetricsException INVALID_QUERY when the question compares nothing
     */
    public List<Group> vanishedGroups() {
        if (compared == null) {
            throw comparesNothing();
        }
        return withoutTraffic();
    }

    private List<Group> withoutTraffic() {
        return question.groupBy().isEmpty()
                ? List.of()
                : IntStream.range(0, cells.groups().size())
                        .filter(group -> rowsWithTraffic(group).isEmpty())
                        .mapToObj(this::group)
                        .toList();
    }

    /**
     * The groups with a request in the range, or in the one it is compared with: by rank, others last; without a ranking by
     * the text of their keys, a missing value last.
     *
     * @return the groups; one that holds everything when the question has no dimensions
     */
    public List<Group> groups() {
        return Collections.unmodifiableList(cells.groups());
    }

    /**
     * Every row: oldest bucket first, groups in their order. Without empty buckets when the question is sparse.
     *
     * @return the rows
     */
    public List<Row> rows() {
        if (!question.showsEmptyBuckets()) {
            return sparse().stream().flatMap(List::stream).toList();
        }
        int groupCount = cells.groups().size();
        return view(axis.count() * groupCount, i -> new Row(this, i % groupCount, i / groupCount));
    }

    /**
     * The rows by bucket, oldest first. Without empty buckets when the question is sparse.
     *
     * @return the buckets
     */
    public List<BucketRows> buckets() {
        if (!question.showsEmptyBuckets()) {
            return sparse().stream()
                    .filter(rows -> !rows.isEmpty())
                    .map(rows -> new BucketRows(this, rows.get(0).number(), Collections.unmodifiableList(rows)))
                    .toList();
        }
        int groupCount = cells.groups().size();
        return view(
                axis.count(),
                bucket -> new BucketRows(this, bucket, view(groupCount, group -> new Row(this, group, bucket))));
    }

    /** The rows with traffic by bucket, found without a look at the empty cells between them. */
    private List<List<Row>> sparse() {
        List<List<Row>> buckets = new ArrayList<>(Collections.nCopies(axis.count(), List.of()));
        for (int group = 0; group < cells.groups().size(); group++) {
            for (Row row : shownRows(group)) {
                if (buckets.get(row.number()).isEmpty()) {
                    buckets.set(row.number(), new ArrayList<>());
                }
                buckets.get(row.number()).add(row);
            }
        }
        return buckets;
    }

    private List<Row> rowsWithTraffic(int group) {
        return Arrays.stream(cells.buckets(group))
                .filter(bucket -> bucket >= 0)
                .mapToObj(bucket -> new Row(this, group, bucket))
                .filter(Row::hasTraffic)
                .toList();
    }

    /** The rows of a group that a sparse answer shows. */
    private List<Row> shownRows(int group) {
        if (compared == null) {
            return rowsWithTraffic(group);
        }
        return IntStream.concat(Arrays.stream(cells.buckets(group)), Arrays.stream(compared.cells.buckets(group)))
                .filter(bucket -> bucket >= 0 && bucket < axis.count())
                .sorted()
                .distinct()
                .mapToObj(bucket -> new Row(this, group, bucket))
                .filter(this::hasTraffic)
                .toList();
    }

    /** Whether a request arrived in the bucket, or in the one it is compared with. */
    private boolean hasTraffic(Row row) {
        return row.hasTraffic()
                || (compared != null && row.compared().map(Row::hasTraffic).orElse(false));
    }

    /** The rows that no view shows: what deltas compare with, and totals of buckets that are left out, by bucket. */
    SortedMap<Integer, List<Row>> hidden() {
        SortedMap<Integer, List<Row>> hidden = new TreeMap<>();
        for (int group = 0; group < cells.groups().size(); group++) {
            for (int bucket : cells.buckets(group)) {
                Row row = new Row(this, group, bucket);
                if (bucket < 0 || (!question.showsEmptyBuckets() && !hasTraffic(row))) {
                    hidden.computeIfAbsent(bucket, unknown -> new ArrayList<>()).add(row);
                }
            }
        }
        if (question.withTotals() && !question.groupBy().isEmpty()) {
            Set<Integer> shown = new HashSet<>();
            buckets().forEach(bucket -> shown.add(bucket.number()));
            for (int bucket : cells.buckets(everything())) {
                if (!shown.contains(bucket)) {
                    hidden.computeIfAbsent(bucket, unknown -> new ArrayList<>());
                }
            }
        }
        return hidden;
    }

    /**
     * The rows by group.
     *
     * @return one series a group, in their order
     */
    public List<Series> series() {
        return view(cells.groups().size(), group -> new Series(this, group, rowsOfGroup(group)));
    }

    /**
     * Returns the values of all metrics for the whole range and all groups together: over all requests that the question
     * keeps, as if the range were one bucket and they were one group. {@link BucketRows#total} is of one bucket, {@link
     * Series#total()} of one group.
     *
     * @return a row whose bucket is the range and whose group is {@link Group#everything}
     * @throws BudMetricsException INVALID_QUERY when the question does not ask for totals
     */
    public Row total() {
        return total(everything(), Cells.WHOLE_RANGE);
    }

    Row total(int group, int bucket) {
        if (!question.withTotals()) {
            throw BudMetricsException.invalidQuery("the question does not ask for totals; build it with withTotals()");
        }
        return new Row(this, group, bucket);
    }

    /** The number of the group that stands for all of them together. */
    int everything() {
        return question.groupBy().isEmpty() ? 0 : cells.groups().size();
    }

    Group group(int group) {
        return group == cells.groups().size()
                ? Group.everything()
                : cells.groups().get(group);
    }

    private List<Row> rowsOfGroup(int group) {
        return question.showsEmptyBuckets()
                ? view(axis.count(), bucket -> new Row(this, group, bucket))
                : shownRows(group);
    }

    private static <T> List<T> view(int size, IntFunction<T> element) {
        return new View<>(size, element);
    }

    BucketAxis axis() {
        return axis;
    }

    Cells cells() {
        return cells;
    }

    Bucket bucketAt(int bucket) {
        if (bucket == Cells.WHOLE_RANGE) {
            Instant from = Micros.instant(axis.from());
            Instant to = Micros.instant(axis.to());
            return new Bucket(from, to, from, to);
        }
        Bucket known = buckets[bucket + 1];
        if (known == null) {
            known = newBucket(bucket);
            buckets[bucket + 1] = known;
        }
        return known;
    }

    private Bucket newBucket(int bucket) {
        long start = axis.start(bucket);
        long end = axis.start(bucket + 1);
        long coveredFrom = bucket < 0 ? start : Math.max(start, axis.from());
        long coveredTo = bucket < 0 ? end : Math.min(end, axis.to());
        Instant from = Micros.instant(start);
        Instant to = Micros.instant(end);
        return new Bucket(
                from,
                to,
                coveredFrom == start ? from : Micros.instant(coveredFrom),
                coveredTo == end ? to : Micros.instant(coveredTo));
    }

    @SuppressWarnings("ReferenceEquality") // nearly always it is the very metric of the question
    int position(Metric<?> metric) {
        Objects.requireNonNull(metric, "metric is null");
        for (int i = 0; i < metrics.length; i++) {
            if (metrics[i] == metric) {
                return i;
            }
        }
        for (int i = 0; i < metrics.length; i++) {
            if (metrics[i].name().equals(metric.name())) {
                return i;
            }
        }
        throw notAskedFor(question, metric);
    }

    /** The metric of this name as the question asks for it. */
    @SuppressWarnings("unchecked") // a name stands for one type of value throughout the catalogue
    <V extends MetricValue> Metric<V> asked(Metric<V> metric) {
        return (Metric<V>) metrics[position(metric)];
    }

    static BudMetricsException notAskedFor(AnalyticsQuestion question, Metric<?> metric) {
        return BudMetricsException.invalidQuery(
                "the question does not ask for " + metric + "; it asks for " + question.metrics());
    }

    Delta delta(int metric, Spot spot, int bucket) {
        if (!question.withDelta()) {
            throw BudMetricsException.invalidQuery("the question does not ask for deltas; build it with withDelta()");
        }
        if (bucket == Cells.WHOLE_RANGE) {
            return Delta.NONE;
        }
        boolean comparable = !axis.partial(bucket) && !axis.partial(bucket - 1);
        return Delta.between(spot.headlineBefore(metric), spot.headline(metric), comparable);
    }

    /** Against the matching bucket of the range that this one is compared with. */
    Delta comparison(int metric, Spot spot, int group, int bucket) {
        AnalyticsAnswer other = compared();
        if (!other.hasBucket(bucket)) {
            return Delta.NONE;
        }
        boolean whole = bucket == Cells.WHOLE_RANGE || (!axis.partial(bucket) && !other.axis.partial(bucket));
        boolean comparable = whole && Cells.coveredMicros(axis, bucket) == Cells.coveredMicros(other.axis, bucket);
        return Delta.between(other.cells.at(group, bucket).headline(metric), spot.headline(metric), comparable);
    }

    boolean hasBucket(int bucket) {
        return bucket == Cells.WHOLE_RANGE || bucket < axis.count();
    }

    @JsonValue
    AnswerJson toJson() {
        return AnswerJson.of(this);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static AnalyticsAnswer fromJson(AnswerJson json) {
        return json.toAnswer();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof AnalyticsAnswer that)
                || !question.equals(that.question)
                || !cells.groups().equals(that.cells.groups())) {
            return false;
        }
        int groups = question.withTotals() ? everything() + 1 : cells.groups().size();
        for (int group = 0; group < groups; group++) {
            for (int bucket = question.withDelta() ? -1 : 0; bucket < axis.count(); bucket++) {
                if (!sameCell(cells.at(group, bucket), that.cells.at(group, bucket))) {
                    return false;
                }
            }
            if (question.withTotals()
                    && !sameCell(cells.at(group, Cells.WHOLE_RANGE), that.cells.at(group, Cells.WHOLE_RANGE))) {
                return false;
            }
        }
        return Objects.equals(compared, that.compared);
    }

    /** Whether a row says what a row of another answer with the same metrics says. */
    boolean sameCell(Spot mine, Spot others) {
        if (mine.requests() != others.requests()) {
            return false;
        }
        for (int metric = 0; metric < metrics.length; metric++) {
            if (!mine.value(metric).equals(others.value(metric))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return 31 * question.hashCode() + cells.groups().hashCode();
    }

    @Override
    public String toString() {
        return "AnalyticsAnswer[" + question.metrics() + ", " + cells.groups().size() + " groups, " + axis.count()
                + " buckets]";
    }

    /** A list whose elements are made when they are read. */
    private static final class View<T> extends AbstractList<T> implements RandomAccess {
        private final int size;
        private final IntFunction<T> element;

        View(int size, IntFunction<T> element) {
            this.size = size;
            this.element = element;
        }

        @Override
        public T get(int index) {
            Objects.checkIndex(index, size);
            return element.apply(index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
