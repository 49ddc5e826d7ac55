package io.budmetrics.result;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Aggregate;
import io.budmetrics.metric.Measures;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.BucketAxis;
import io.budmetrics.query.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cells read from the columns of a result whose rows are ordered by group, then bucket. */
final class ColumnCells implements Cells {
    private static final int NO_ROW = -1;

    private final Columns columns;
    private final Metric<?>[] metrics;
    private final BucketAxis axis;
    private final int requestCount;
    private final List<Group> groups;
    private final Part arrived;
    private final @Nullable Part inFlight;
    /** For each metric, where its aggregates stand; those of running requests are complemented. */
    private final int[][] positions;
    /** For each metric, its headline in each row that arrived; null where it is read from more than that row. */
    private final double[] @Nullable [] headlines;

    /** Of the range that this one is compared with, for the same groups. */
    private final @Nullable ColumnCells compared;

    ColumnCells(AnalyticsQuestion question, BucketAxis axis, @Nullable BucketAxis comparedAxis, Columns columns) {
        this.columns = columns;
        this.metrics = question.metrics().toArray(new Metric<?>[0]);
        this.axis = axis;
        this.requestCount = columns.indexOf(ResultColumns.REQUEST_COUNT);
        this.positions = new int[metrics.length][];
        boolean anyInFlight = false;
        for (int m = 0; m < positions.length; m++) {
            List<Aggregate> aggregates = metrics[m].aggregates();
            positions[m] = new int[aggregates.size()];
            for (int a = 0; a < aggregates.size(); a++) {
                boolean runs = aggregates.get(a).population() == Aggregate.Population.IN_FLIGHT;
                int position = columns.indexOf(aggregates.get(a).alias());
                positions[m][a] = runs ? ~position : position;
                anyInFlight |= runs;
            }
        }
        int rows = columns.rowCount();
        this.groups = new ArrayList<>();
        this.arrived = new Part(rows);
        this.inFlight = anyInFlight ? new Part(rows) : null;
        this.headlines = new double[metrics.length] @Nullable [];
        this.compared = comparedAxis == null ? null : new ColumnCells(this, comparedAxis);
        readRows(question);
        if (question.withDelta()) {
            readHeadlines();
            if (compared != null) {
                compared.readHeadlines();
            }
        }
    }

    /** Each headline is read twice by deltas, and costs least where the rows are gone through as they lie. */
    private void readHeadlines() {
        for (int m = 0; m < metrics.length; m++) {
            if (Arrays.stream(positions[m]).allMatch(position -> position >= 0)) {
                Cell cell = new Cell(positions[m]);
                double[] ofMetric = new double[arrived.size];
                for (int i = 0; i < ofMetric.length; i++) {
                    cell.moveTo(arrived.rows[i], NO_ROW, arrived.buckets[i]);
                    ofMetric[i] = metrics[m].headline(cell);
                }
                headlines[m] = ofMetric;
            }
        }
    }

    private ColumnCells(ColumnCells own, BucketAxis axis) {
        this.columns = own.columns;
        this.metrics = own.metrics;
        this.axis = axis;
        this.requestCount = own.requestCount;
        this.groups = own.groups;
        this.positions = own.positions;
        this.arrived = new Part(columns.rowCount());
        this.inFlight = own.inFlight == null ? null : new Part(columns.rowCount());
        this.headlines = new double[metrics.length] @Nullable [];
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
            keys[d] = columns.indexOf(dimensions.get(d).alias());
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
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH, "the result has groups, and no total of them together");
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

    private Object key(Dimension<?> dimension, int column, int row) {
        Class<?> type = dimension.type();
        if (type == UUID.class) {
            return columns.uuidAt(column, row);
        }
        return dimension.storedType() == String.class
                ? columns.textAt(column, row)
                : dimension.ofNumber(columns.longAt(column, row));
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
            values[d] = columns.isNull(keys[d], row) ? null : key(dimensions.get(d), keys[d], row);
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
        /** Where they stand in their parts. */
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
            return inArrived == NO_ROW ? 0 : columns.longAt(requestCount, arrived.rows[inArrived]);
        }

        @Override
        public MetricValue value(int metric) {
            return metrics[metric].read(cell(metric));
        }

        @Override
        public double headline(int metric) {
            double[] known = headlines[metric];
            return known == null || inArrived == NO_ROW ? metrics[metric].headline(cell(metric)) : known[inArrived];
        }

        @Override
        public double headlineBefore(int metric) {
            double[] known = headlines[metric];
            if (known != null && inArrived != NO_ROW && arrived.follows(group, inArrived)) {
                return known[inArrived - 1];
            }
            return found(group, bucket - 1).headline(metric);
        }

        private Cell cell(int metric) {
            Cell cell = new Cell(positions[metric]);
            cell.moveTo(
                    inArrived == NO_ROW ? NO_ROW : arrived.rows[inArrived],
                    inRunning == NO_ROW ? NO_ROW : Objects.requireNonNull(inFlight).rows[inRunning],
                    bucket);
            return cell;
        }
    }

    /** The aggregates of one metric in one bucket of one group. */
    private final class Cell implements Measures {
        private final int[] positions;
        private int arrivedRow = NO_ROW;
        private int runningRow = NO_ROW;
        private int bucket;

        Cell(int[] positions) {
            this.positions = positions;
        }

        void moveTo(int newArrivedRow, int newRunningRow, int newBucket) {
            arrivedRow = newArrivedRow;
            runningRow = newRunningRow;
            bucket = newBucket;
        }

        private int row(int position) {
            return position < 0 ? runningRow : arrivedRow;
        }

        @Override
        public long requests() {
            return arrivedRow == NO_ROW ? 0 : columns.longAt(requestCount, arrivedRow);
        }

        @Override
        public long coveredMicros() {
            return Cells.coveredMicros(axis, bucket);
        }

        @Override
        public boolean isAbsent(int aggregate) {
            int row = row(positions[aggregate]);
            return row == NO_ROW || columns.isNull(column(positions[aggregate]), row);
        }

        @Override
        public long whole(int aggregate) {
            int row = row(positions[aggregate]);
            return row == NO_ROW ? 0 : columns.longAt(column(positions[aggregate]), row);
        }

        @Override
        public double real(int aggregate) {
            int row = row(positions[aggregate]);
            return row == NO_ROW ? 0 : columns.doubleAt(column(positions[aggregate]), row);
        }

        @Override
        public BigDecimal decimal(int aggregate) {
            int row = row(positions[aggregate]);
            return row == NO_ROW ? ZERO_COST : columns.decimalAt(column(positions[aggregate]), row);
        }

        @Override
        public double element(int aggregate, int element) {
            return columns.elementAt(column(positions[aggregate]), row(positions[aggregate]), element);
        }
    }

    private static int column(int position) {
        return position < 0 ? ~position : position;
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
