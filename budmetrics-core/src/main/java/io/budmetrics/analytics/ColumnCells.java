package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.DimensionSql;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.metric.Measurement;
import io.budmetrics.internal.metric.Measures;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.sql.Columns;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cells read from the columns of a result whose rows are ordered by group, then bucket. */
final class ColumnCells implements Cells {
    private static final int NO_ROW = -1;

    private final Columns columns;
    private final Measurement<?>[] metrics;
    private final BucketAxis axis;
    private final int requestCount;
    private final List<Group> groups;
    private final Part arrived;
    private final @Nullable Part inFlight;
    /**
     * For each metric, where its aggregates stand: among the copied numbers of a row, behind those in the columns, or, those
     * of running requests, complemented, in the columns.
     */
    private final int[][] places;
    /** For each metric, whether it is read from rows that arrived and no others. */
    private final boolean[] arrives;
    /** The columns of the numbers that are copied; first that of the requests. */
    private final int[] copied;

    private RowNumbers numbers = RowNumbers.NONE;

    /** The headlines of the rows that arrived, row by row; none where they are not read, or only from more than the row. */
    private double[] headlines = {};

    /** Of the range that this one is compared with, for the same groups. */
    private final @Nullable ColumnCells compared;

    ColumnCells(AnalyticsQuestion question, BucketAxis axis, @Nullable BucketAxis comparedAxis, Columns columns) {
        this.columns = columns;
        this.metrics = new Measurement<?>[question.metrics().size()];
        for (int m = 0; m < metrics.length; m++) {
            metrics[m] = Internals.of(question.metrics().get(m));
        }
        this.axis = axis;
        this.requestCount = columns.indexOf(ResultColumns.REQUEST_COUNT);
        int rows = columns.rowCount();
        this.copied = RowNumbers.sources(columns, requestCount, metrics);
        this.places = new int[metrics.length][];
        this.arrives = new boolean[metrics.length];
        boolean anyInFlight = false;
        for (int m = 0; m < places.length; m++) {
            List<Aggregate> aggregates = metrics[m].aggregates();
            places[m] = new int[aggregates.size()];
            arrives[m] = true;
            for (int a = 0; a < aggregates.size(); a++) {
                boolean runs = aggregates.get(a).population() == Aggregate.Population.IN_FLIGHT;
                int position = columns.indexOf(aggregates.get(a).alias());
                places[m][a] = runs ? ~position : place(position);
                arrives[m] &= !runs;
                anyInFlight |= runs;
            }
        }
        this.groups = new ArrayList<>();
        this.arrived = new Part(rows);
        this.inFlight = anyInFlight ? new Part(rows) : null;
        this.compared = comparedAxis == null ? null : new ColumnCells(this, comparedAxis);
        readRows(question);
        copyNumbers(question.withDelta());
        if (compared != null) {
            compared.copyNumbers(question.withDelta());
        }
    }

    private int place(int position) {
        for (int number = 0; number < copied.length; number++) {
            if (copied[number] == position) {
                return number;
            }
        }
        return copied.length + position;
    }

    private void copyNumbers(boolean withDelta) {
        numbers = new RowNumbers(columns, copied, arrived.rows, arrived.size);
        if (withDelta && (long) arrived.size * metrics.length <= RowNumbers.MOST) {
            readHeadlines();
        }
    }

    /** Each is read twice by deltas. */
    private void readHeadlines() {
        Cell[] cells = new Cell[metrics.length];
        for (int m = 0; m < cells.length; m++) {
            cells[m] = new Cell(places[m]);
        }
        headlines = new double[arrived.size * metrics.length];
        int at = 0;
        for (int i = 0; i < arrived.size; i++) {
            for (int m = 0; m < cells.length; m++) {
                if (arrives[m]) {
                    cells[m].moveTo(i, NO_ROW, arrived.buckets[i]);
                    headlines[at] = metrics[m].headline(cells[m]);
                }
                at++;
            }
        }
    }

    private ColumnCells(ColumnCells own, BucketAxis axis) {
        this.columns = own.columns;
        this.metrics = own.metrics;
        this.axis = axis;
        this.requestCount = own.requestCount;
        this.groups = own.groups;
        this.places = own.places;
        this.arrives = own.arrives;
        this.copied = own.copied;
        this.arrived = new Part(columns.rowCount());
        this.inFlight = own.inFlight == null ? null : new Part(columns.rowCount());
        this.compared = null;
    }

    @Nullable
    ColumnCells compared() {
        return compared;
    }

    private void readRows(AnalyticsQuestion question) {
        List<Dimension<?>> dimensions = question.groupBy();
        int[] keys = new int[dimensions.size()];
        for (int d = 0; d < keys.length; d++) {
            keys[d] = columns.indexOf(Internals.of(dimensions.get(d)).alias());
        }
        int others = question.top().isPresent() ? columns.indexOf(ResultColumns.IS_OTHERS) : NO_ROW;
        int part = inFlight == null ? NO_ROW : columns.indexOf(ResultColumns.PART);
        int totals = question.withTotals() ? columns.indexOf(ResultColumns.TOTALS) : NO_ROW;
        int ofCompared = compared == null ? NO_ROW : columns.indexOf(ResultColumns.COMPARED);
        int bucketColumn = columns.indexOf(ResultColumns.BUCKET);
        int rows = columns.rowCount();
        int start = 0;
        boolean ofAll = false;
        while (start < rows) {
            int end = start + 1;
            while (end < rows && sameGroup(keys, others, totals, end - 1, end)) {
                end++;
            }
            ofAll = ofAll(totals, start);
            // without dimensions there is one group, whatever arrived
            boolean kept = dimensions.isEmpty() || ofAll;
            for (int row = start; row < end; row++) {
                ColumnCells side = ofCompared != NO_ROW && columns.longAt(ofCompared, row) != 0
                        ? Objects.requireNonNull(compared)
                        : this;
                int bucket = totals != NO_ROW && columns.longAt(totals, row) % 2 == 1
                        ? WHOLE_RANGE
                        : side.axis.startingAt(columns.longAt(bucketColumn, row));
                if (part != NO_ROW && columns.longAt(part, row) != 0) {
                    Objects.requireNonNull(side.inFlight).add(row, bucket);
                } else {
                    side.arrived.add(row, bucket);
                    kept |= bucket >= 0;
                }
            }
            // a group that was only there before the range, or only runs on from before, is not one of its groups
            if (kept && !ofAll) {
                groups.add(group(dimensions, keys, others, start));
            }
            endGroup(kept);
            start = end;
        }
        if (groups.isEmpty() && dimensions.isEmpty()) {
            groups.add(Group.everything());
        }
        if (totals != NO_ROW && !groups.isEmpty() && !dimensions.isEmpty() && !ofAll) {
            throw BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, "the result has groups but no total of all groups");
        }
    }

    private void endGroup(boolean kept) {
        arrived.endGroup(kept);
        if (inFlight != null) {
            inFlight.endGroup(kept);
        }
        if (compared != null) {
            compared.endGroup(kept);
        }
    }

    /** Whether a row is of all groups together; such rows stand behind those of the groups. */
    private boolean ofAll(int totals, int row) {
        return totals != NO_ROW && columns.longAt(totals, row) > 1;
    }

    private boolean sameGroup(int[] keys, int others, int totals, int row, int next) {
        if (ofAll(totals, row) != ofAll(totals, next)) {
            return false;
        }
        if (others != NO_ROW && !columns.same(others, row, next)) {
            return false;
        }
        for (int key : keys) {
            if (!columns.same(key, row, next)) {
                return false;
            }
        }
        return true;
    }

    private Object key(DimensionSql<?> dimension, int column, int row) {
        return switch (dimension.storedType().kind()) {
            case ID -> columns.uuidAt(column, row);
            case TEXT -> columns.textAt(column, row);
            case FLAG, INTEGER, LONG -> dimension.ofNumber(columns.longAt(column, row));
            case DURATION, AMOUNT, REAL -> throw new IllegalStateException(dimension.name() + " has no such values");
        };
    }

    private Group group(List<Dimension<?>> dimensions, int[] keys, int others, int row) {
        if (dimensions.isEmpty()) {
            return Group.everything();
        }
        if (others != NO_ROW && columns.longAt(others, row) != 0) {
            return Group.others(dimensions);
        }
        @Nullable Object[] values = new @Nullable Object[keys.length];
        for (int d = 0; d < keys.length; d++) {
            values[d] = columns.isNull(keys[d], row) ? null : key(Internals.of(dimensions.get(d)), keys[d], row);
        }
        return Group.ofValues(dimensions, values);
    }

    @Override
    public List<Group> groups() {
        return groups;
    }

    @Override
    public int[] buckets(int group) {
        IntStream running = inFlight == null ? IntStream.empty() : inFlight.buckets(group);
        return IntStream.concat(arrived.buckets(group), running)
                .sorted()
                .distinct()
                .toArray();
    }

    @Override
    public Spot at(int group, int bucket) {
        return found(group, bucket);
    }

    private FoundRows found(int group, int bucket) {
        int running = inFlight == null ? NO_ROW : inFlight.find(group, bucket);
        return new FoundRows(group, bucket, arrived.find(group, bucket), running);
    }

    /** What the result says of one group in one bucket. */
    private final class FoundRows implements Spot {
        private final int group;
        private final int bucket;
        /** Their positions in their parts. */
        private final int inArrived;

        private final int inRunning;

        FoundRows(int group, int bucket, int inArrived, int inRunning) {
            this.group = group;
            this.bucket = bucket;
            this.inArrived = inArrived;
            this.inRunning = inRunning;
        }

        @Override
        public long requests() {
            return requestsAt(inArrived);
        }

        @Override
        public MetricValue value(int metric) {
            // an array cannot say that its measurements are of metrics
            return (MetricValue) metrics[metric].read(cell(metric));
        }

        @Override
        public double headline(int metric) {
            return known(metric) && inArrived != NO_ROW
                    ? headlines[inArrived * metrics.length + metric]
                    : metrics[metric].headline(cell(metric));
        }

        @Override
        public double headlineBefore(int metric) {
            return known(metric) && inArrived != NO_ROW && arrived.follows(group, inArrived)
                    ? headlines[(inArrived - 1) * metrics.length + metric]
                    : found(group, bucket - 1).headline(metric);
        }

        private boolean known(int metric) {
            return headlines.length > 0 && arrives[metric];
        }

        private Cell cell(int metric) {
            Cell cell = new Cell(places[metric]);
            cell.moveTo(inArrived, inRunning, bucket);
            return cell;
        }
    }

    private long requestsAt(int inArrived) {
        if (inArrived == NO_ROW) {
            return 0;
        }
        return copied.length > 0 ? numbers.at(inArrived, 0) : columns.longAt(requestCount, arrived.rows[inArrived]);
    }

    private int column(int place) {
        if (place < 0) {
            return ~place;
        }
        return place < copied.length ? copied[place] : place - copied.length;
    }

    /** The aggregates of one metric in one bucket of one group. */
    private final class Cell implements Measures {
        private final int[] places;
        private int inArrived = NO_ROW;
        private int inRunning = NO_ROW;
        private int bucket;

        Cell(int[] places) {
            this.places = places;
        }

        void moveTo(int newInArrived, int newInRunning, int newBucket) {
            inArrived = newInArrived;
            inRunning = newInRunning;
            bucket = newBucket;
        }

        private int row(int aggregate) {
            if (places[aggregate] >= 0) {
                return inArrived == NO_ROW ? NO_ROW : arrived.rows[inArrived];
            }
            return inRunning == NO_ROW ? NO_ROW : Objects.requireNonNull(inFlight).rows[inRunning];
        }

        private int column(int aggregate) {
            return ColumnCells.this.column(places[aggregate]);
        }

        @Override
        public long requests() {
            return requestsAt(inArrived);
        }

        @Override
        public long coveredMicros() {
            return Cells.coveredMicros(axis, bucket);
        }

        @Override
        public boolean isAbsent(int aggregate) {
            int row = row(aggregate);
            return row == NO_ROW || columns.isNull(column(aggregate), row);
        }

        @Override
        public long longAt(int aggregate) {
            int place = places[aggregate];
            if (place >= 0 && place < copied.length) {
                return inArrived == NO_ROW ? 0 : numbers.at(inArrived, place);
            }
            int row = row(aggregate);
            return row == NO_ROW ? 0 : columns.longAt(column(aggregate), row);
        }

        @Override
        public double doubleAt(int aggregate) {
            int row = row(aggregate);
            return row == NO_ROW ? 0 : columns.doubleAt(column(aggregate), row);
        }

        @Override
        public BigDecimal decimalAt(int aggregate) {
            int row = row(aggregate);
            return row == NO_ROW ? ZERO_COST : columns.decimalAt(column(aggregate), row);
        }

        @Override
        public double elementAt(int aggregate, int element) {
            return columns.elementAt(column(aggregate), row(aggregate), element);
        }
    }

    private static final BigDecimal ZERO_COST = BigDecimal.ZERO.setScale(12);

    /** The rows of one population, by group and bucket. */
    private static final class Part {
        private final int[] rows;
        private final int[] buckets;
        private int size;
        private int[] starts = new int[16];
        private int groupCount;

        Part(int capacity) {
            rows = new int[capacity];
            buckets = new int[capacity];
        }

        void add(int row, int bucket) {
            if (size > starts[groupCount] && buckets[size - 1] >= bucket) {
                throw BudMetricsException.of(
                        ErrorCode.SCHEMA_MISMATCH, "the result has two rows for one bucket, or not in its order");
            }
            rows[size] = row;
            buckets[size++] = bucket;
        }

        void endGroup(boolean keep) {
            if (!keep) {
                size = starts[groupCount];
                return;
            }
            if (++groupCount == starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[groupCount] = size;
        }

        IntStream buckets(int group) {
            return Arrays.stream(buckets, starts[group], starts[group + 1]).filter(bucket -> bucket != WHOLE_RANGE);
        }

        /** Whether the row before is of the bucket before. */
        boolean follows(int group, int index) {
            return index > starts[group] && buckets[index - 1] == buckets[index] - 1;
        }

        /** Where the row stands. */
        int find(int group, int bucket) {
            int low = starts[group];
            int high = starts[group + 1];
            if (low == high) {
                return NO_ROW;
            }
            // in a group without gaps the row stands where the bucket says
            int guess = low + bucket - buckets[low];
            if (guess >= low && guess < high && buckets[guess] == bucket) {
                return guess;
            }
            int found = Arrays.binarySearch(buckets, low, high, bucket);
            return Math.max(found, NO_ROW);
        }
    }
}
