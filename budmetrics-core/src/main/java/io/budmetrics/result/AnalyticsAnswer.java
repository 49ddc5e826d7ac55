package io.budmetrics.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Metric;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.BucketAxis;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AnalyticsQuestion}, as a grid of groups and periods. It keeps what the server sent and
 * computes each cell when it is read. Immutable and safe for use by many threads.
 */
public final class AnalyticsAnswer {
    private final AnalyticsQuestion question;
    private final BucketAxis axis;
    private final Cells cells;
    private final String[] metricNames;

    AnalyticsAnswer(AnalyticsQuestion question, BucketAxis axis, Cells cells) {
        this.question = question;
        this.axis = axis;
        this.cells = cells;
        this.metricNames = question.metrics().stream().map(Metric::name).toArray(String[]::new);
        if ((long) axis.count() * cells.groups().size() > Integer.MAX_VALUE) {
            throw BudMetricsException.of(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    cells.groups().size() + " groups in " + axis.count()
                            + " buckets are too many cells; use top(n) or a coarser frequency");
        }
    }

    /**
     * Reads an answer from the result of its statement.
     *
     * @param question the question, with an end
     * @param columns the result
     * @return the answer
     */
    public static AnalyticsAnswer of(AnalyticsQuestion question, Columns columns) {
        BucketAxis axis = BucketAxis.of(question);
        return new AnalyticsAnswer(question, axis, new ColumnCells(question, axis, columns));
    }

    /**
     * What was asked.
     *
     * @return the question, with the moment it speaks of
     */
    public AnalyticsQuestion question() {
        return question;
    }

    /**
     * The moment the answer speaks of: nothing later is counted.
     *
     * @return the question's moment, or the end of its range
     */
    public Instant asOf() {
        return question.asOf().orElseGet(() -> BucketAxis.instant(axis.to()));
    }

    /**
     * The groups with a request in the range: by rank, others last; without a ranking by the text of their keys, a
     * missing value last.
     *
     * @return the groups; one that holds everything when the question has no dimensions
     */
    public List<Group> groups() {
        return Collections.unmodifiableList(cells.groups());
    }

    /**
     * Every row: oldest period first, groups in their order. Without empty buckets when the question is sparse.
     *
     * @return the rows
     */
    public List<Row> rows() {
        int groupCount = cells.groups().size();
        if (question.dense()) {
            return view(axis.count() * groupCount, i -> new Row(this, i % groupCount, i / groupCount));
        }
        List<Row> rows = new ArrayList<>();
        for (int bucket = 0; bucket < axis.count(); bucket++) {
            rows.addAll(rowsOf(bucket));
        }
        return rows;
    }

    /**
     * The rows by period, oldest first. Without empty periods when the question is sparse.
     *
     * @return the periods
     */
    public List<PeriodRows> periods() {
        if (question.dense()) {
            return view(axis.count(), bucket -> new PeriodRows(period(bucket), rowsOf(bucket)));
        }
        return IntStream.range(0, axis.count())
                .mapToObj(bucket -> new PeriodRows(period(bucket), rowsOf(bucket)))
                .filter(period -> !period.rows().isEmpty())
                .toList();
    }

    /**
     * The rows by group.
     *
     * @return one series a group, in their order
     */
    public List<Series> series() {
        return view(cells.groups().size(), group -> new Series(cells.groups().get(group), rowsOfGroup(group)));
    }

    List<Row> rowsOf(int bucket) {
        return present(cells.groups().size(), group -> new Row(this, group, bucket));
    }

    private List<Row> rowsOfGroup(int group) {
        return present(axis.count(), bucket -> new Row(this, group, bucket));
    }

    private List<Row> present(int size, IntFunction<Row> row) {
        return question.dense()
                ? view(size, row)
                : IntStream.range(0, size).mapToObj(row).filter(Row::hasTraffic).toList();
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

    Period period(int bucket) {
        long start = axis.start(bucket);
        long end = axis.start(bucket + 1);
        long coveredFrom = bucket < 0 ? start : Math.max(start, axis.from());
        long coveredTo = bucket < 0 ? end : Math.min(end, axis.to());
        Instant from = BucketAxis.instant(start);
        Instant to = BucketAxis.instant(end);
        return new Period(
                from,
                to,
                coveredFrom == start ? from : BucketAxis.instant(coveredFrom),
                coveredTo == end ? to : BucketAxis.instant(coveredTo));
    }

    int position(Metric<?> metric) {
        String name = metric.name();
        for (int i = 0; i < metricNames.length; i++) {
            if (metricNames[i].equals(name)) {
                return i;
            }
        }
        throw BudMetricsException.invalidQuery(
                "the question does not ask for " + metric + "; it asks for " + question.metrics());
    }

    Delta delta(int metric, int group, int bucket) {
        if (!question.withDelta()) {
            throw BudMetricsException.invalidQuery("the question does not ask for deltas; build it with withDelta()");
        }
        OptionalDouble now = cells.headline(metric, group, bucket);
        OptionalDouble before = cells.headline(metric, group, bucket - 1);
        boolean comparable = !axis.partial(bucket) && !axis.partial(bucket - 1);
        if (now.isEmpty() || before.isEmpty()) {
            return new Delta(OptionalDouble.empty(), OptionalDouble.empty(), comparable);
        }
        double change = now.getAsDouble() - before.getAsDouble();
        return new Delta(
                OptionalDouble.of(change),
                before.getAsDouble() == 0 ? OptionalDouble.empty() : OptionalDouble.of(change / before.getAsDouble()),
                comparable);
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
        for (int group = 0; group < cells.groups().size(); group++) {
            for (int bucket = question.withDelta() ? -1 : 0; bucket < axis.count(); bucket++) {
                for (int metric = 0; metric < question.metrics().size(); metric++) {
                    if (!cells.value(metric, group, bucket).equals(that.cells.value(metric, group, bucket))) {
                        return false;
                    }
                }
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
                + " periods]";
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
