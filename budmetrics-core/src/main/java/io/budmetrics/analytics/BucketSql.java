package io.budmetrics.analytics;

import io.budmetrics.internal.sql.Lines;
import io.budmetrics.time.BucketAxis;
import java.util.Arrays;

/** How the buckets of an axis are said in SQL, from the first one that is scanned. Times are whole microseconds. */
abstract sealed class BucketSql {
    final long first;

    private BucketSql(long first) {
        this.first = first;
    }

    /**
     * Equally long buckets are arithmetic. Where a clock is changed now and then, so are the stretches between, and the few
     * buckets of another length are named. All others, such as months, are a list.
     */
    static BucketSql of(BucketAxis axis, int firstBucket) {
        long first = axis.start(firstBucket);
        if (axis.isEven()) {
            return new Even(first, axis.width());
        }
        if (axis.width() > 0) {
            Stretches stretches = new Stretches(axis, firstBucket);
            if (stretches.odd.size == 0) {
                return new Even(first, axis.width());
            }
            if (stretches.areLong()) {
                return stretches;
            }
        }
        return new Listed(axis, firstBucket);
    }

    /** About how many characters there are beside the times, wherever buckets are said. */
    abstract int length();

    /** The start of the bucket that holds a time, which does not lie before the first one. */
    abstract void appendStart(StringBuilder sql, String time);

    /** Where the bucket ends that starts at a time. */
    abstract void appendEnd(StringBuilder sql, String start);

    /** An array of the starts of all buckets that a span touches; the span may begin before the first one. */
    abstract void appendTouched(StringBuilder sql, String from, String to, int depth);

    /** Buckets of one length. */
    private static final class Even extends BucketSql {
        /** The first one's start and the length, as they stand several times in a statement. */
        private final String origin;

        private final String width;

        Even(long first, long width) {
            super(first);
            this.origin = Long.toString(first);
            this.width = Long.toString(width);
        }

        @Override
        int length() {
            return 2 * (origin.length() + width.length()) + 20;
        }

        @Override
        void appendStart(StringBuilder sql, String time) {
            sql.append(origin).append(" + intDiv(").append(time).append(" - ").append(origin);
            sql.append(", ").append(width).append(") * ").append(width);
        }

        @Override
        void appendEnd(StringBuilder sql, String start) {
            sql.append(start).append(" + ").append(width);
        }

        @Override
        void appendTouched(StringBuilder sql, String from, String to, int depth) {
            String indent = Lines.next(depth);
            String inner = Lines.next(depth + 1);
            sql.append("range(").append(inner);
            sql.append(origin)
                    .append(" + intDiv(greatest(")
                    .append(from)
                    .append(" - ")
                    .append(origin);
            sql.append(", 0), ").append(width).append(") * ").append(width);
            sql.append(',').append(inner).append(to);
            sql.append(',').append(inner).append(width).append(indent).append(')');
        }
    }

    /** Buckets that are not all of one length. */
    private abstract static sealed class Uneven extends BucketSql {
        /** Buckets whose end is named. */
        final Numbers odd = new Numbers();

        final Numbers oddEnds = new Numbers();
        /** How long the shortest bucket is, but for the last one. */
        long shortest = Long.MAX_VALUE;

        Uneven(long first) {
            super(first);
        }

        @Override
        void appendTouched(StringBuilder sql, String from, String to, int depth) {
            String indent = Lines.next(depth);
            String inner = Lines.next(depth + 1);
            // the functions that compare refuse a signed and an unsigned number, and a plain one is unsigned
            String start = "toInt64(" + first + ")";
            sql.append("arrayDistinct(arrayMap(").append(inner).append("moment -> ");
            appendStart(sql, "moment");
            // one moment at least in every bucket that is touched
            sql.append(',').append(inner).append("arrayPushBack(");
            sql.append(inner)
                    .append("    range(greatest(")
                    .append(from)
                    .append(", ")
                    .append(start)
                    .append("), ");
            sql.append(to).append(", ").append(shortest).append("),");
            sql.append(inner)
                    .append("    greatest(")
                    .append(to)
                    .append(" - 1, ")
                    .append(start)
                    .append(')');
            sql.append(inner).append(')').append(indent).append("))");
        }
    }

    /** Stretches of equally long buckets. */
    private static final class Stretches extends Uneven {
        /** A stretch is worth its arithmetic when it has so many buckets. */
        private static final int LONG = 4;

        private final long width;
        private final int count;
        private final Numbers starts = new Numbers();
        /** Where a bucket that is longer than the others goes on although the arithmetic would begin the next. */
        private final Numbers goingOn = new Numbers();

        private final Numbers goingOnFrom = new Numbers();

        Stretches(BucketAxis axis, int firstBucket) {
            super(axis.start(firstBucket));
            width = axis.width();
            count = axis.count() - firstBucket;
            shortest = width;
            starts.add(first);
            for (int bucket = firstBucket; bucket < axis.count(); bucket++) {
                long start = axis.start(bucket);
                // what lies behind the end of the range is not scanned
                long end = Math.min(axis.start(bucket + 1), axis.to());
                boolean last = bucket == axis.count() - 1;
                if (end - start == width || (last && end - start < width)) {
                    continue;
                }
                odd.add(start);
                oddEnds.add(end);
                for (long on = start + width; on < end; on += width) {
                    starts.add(on);
                    goingOn.add(on);
                    goingOnFrom.add(start);
                }
                if (!last) {
                    starts.add(end);
                    shortest = Math.min(shortest, end - start);
                }
            }
        }

        @Override
        int length() {
            return 192 + Numbers.LENGTH * (starts.size + 2 * (odd.size + goingOn.size));
        }

        boolean areLong() {
            return starts.size * LONG <= count;
        }

        @Override
        void appendStart(StringBuilder sql, String time) {
            sql.append(goingOn.size > 0 ? "transform(" : "");
            sql.append(time).append(" - (").append(time).append(" - ");
            appendStretch(sql, time);
            sql.append(") % ").append(width);
            if (goingOn.size > 0) {
                goingOn.appendTo(sql.append(", "));
                goingOnFrom.appendTo(sql.append(", "));
                sql.append(')');
            }
        }

        /** The start of the stretch that holds a time. */
        private void appendStretch(StringBuilder sql, String time) {
            if (starts.size == 2) {
                // one bucket is shorter, as where clocks go forward once: a comparison is cheaper than a search
                sql.append("if(").append(time).append(" < ").append(starts.numbers[1]);
                sql.append(", toInt64(").append(starts.numbers[0]);
                sql.append("), toInt64(").append(starts.numbers[1]).append("))");
            } else {
                starts.appendTo(sql.append("roundDown(").append(time).append(", "));
                sql.append(')');
            }
        }

        @Override
        void appendEnd(StringBuilder sql, String start) {
            odd.appendTo(sql.append("transform(").append(start).append(", "));
            oddEnds.appendTo(sql.append(", "));
            sql.append(", ").append(start).append(" + ").append(width).append(')');
        }
    }

    /** Buckets one by one. */
    private static final class Listed extends Uneven {
        Listed(BucketAxis axis, int firstBucket) {
            super(axis.start(firstBucket));
            for (int bucket = firstBucket; bucket < axis.count(); bucket++) {
                long length = axis.start(bucket + 1) - axis.start(bucket);
                odd.add(axis.start(bucket));
                oddEnds.add(axis.start(bucket + 1));
                if (bucket + 1 < axis.count() || bucket == firstBucket) {
                    shortest = Math.min(shortest, length);
                }
            }
        }

        @Override
        int length() {
            return 192 + Numbers.LENGTH * 2 * odd.size;
        }

        @Override
        void appendStart(StringBuilder sql, String time) {
            odd.appendTo(sql.append("roundDown(").append(time).append(", "));
            sql.append(')');
        }

        @Override
        void appendEnd(StringBuilder sql, String start) {
            odd.appendTo(sql.append("transform(").append(start).append(", "));
            oddEnds.appendTo(sql.append(", "));
            sql.append(')');
        }
    }

    /** Whole numbers while they are found. */
    private static final class Numbers {
        /** Of a number with what separates it from the next. */
        static final int LENGTH = 18;

        private long[] numbers = new long[8];
        private int size;

        void add(long number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, size * 2);
            }
            numbers[size++] = number;
        }

        /** With its type, which ClickHouse would otherwise guess from the smallest and the largest. */
        void appendTo(StringBuilder sql) {
            for (int i = 0; i < size; i++) {
                sql.append(i == 0 ? "[" : ", ").append(numbers[i]);
            }
            sql.append("]::Array(Int64)");
        }
    }
}
