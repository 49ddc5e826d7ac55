package io.budmetrics.internal.record;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.schema.Column;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One column of a record: its name and type, how its value is read from a record and given to a builder, and what it may be.
 * Numbers have classes of their own, since they are checked and written without an object for each. Immutable.
 *
 * @param <R> the record
 * @param <B> the builder of the record
 */
public abstract class RecordColumn<R, B> {
    private final Column column;

    private RecordColumn(Column column) {
        this.column = column;
    }

    /**
     * The column that the value is written to.
     *
     * @return its name and type
     */
    public final Column column() {
        return column;
    }

    /**
     * Throws INVALID_RECORD when the value is missing although it is required, or is impossible.
     *
     * @param row the record
     */
    public abstract void check(R row);

    /**
     * Writes the value.
     *
     * @param row the record
     * @param out the column of a block
     */
    public abstract void append(R row, ColumnSink out);

    /**
     * The value: a text, UUID, Instant, Boolean, InetAddress, or a BigDecimal for a number of any type.
     *
     * @param row the record
     * @return the value; null where it is absent
     */
    public abstract @Nullable Object value(R row);

    /**
     * The value as JSON: a text, a boolean, or a number.
     *
     * @param row the record
     * @return what a JSON library writes; null where the value is absent
     */
    public abstract @Nullable Object json(R row);

    /**
     * Gives a value to a builder, and throws INVALID_RECORD when it is of another type than the column.
     *
     * @param builder what collects the record
     * @param json what a JSON library has read
     */
    public abstract void read(B builder, Object json);

    /**
     * How many characters of text the record has in this column.
     *
     * @param row the record
     * @return 0 where there is no text
     */
    public long length(R row) {
        return 0;
    }

    /**
     * A column that every record has a value in.
     *
     * @param column its name and type
     * @param kind the type of its values
     * @param get reads the value from a record
     * @param set gives the value to a builder
     * @param <R> the record
     * @param <B> the builder
     * @param <V> the type of the values
     * @return the column
     */
    public static <R, B, V> RecordColumn<R, B> required(
            Column column, ValueKind<V> kind, Function<R, V> get, BiConsumer<B, V> set) {
        return new OfObject<>(column, kind, true, get, set);
    }

    /**
     * A column of objects.
     *
     * @param column its name and type
     * @param kind the type of its values
     * @param get reads the value from a record
     * @param set gives the value to a builder
     * @param <R> the record
     * @param <B> the builder
     * @param <V> the type of the values
     * @return the column
     */
    public static <R, B, V> RecordColumn<R, B> optional(
            Column column, ValueKind<V> kind, Function<R, Optional<V>> get, BiConsumer<B, V> set) {
        return new OfObject<>(column, kind, false, row -> get.apply(row).orElse(null), set);
    }

    /**
     * A column of whole numbers.
     *
     * @param column its name and type
     * @param least the smallest number that is possible
     * @param greatest the greatest number that is possible
     * @param get reads the number from a record
     * @param set gives the number to a builder
     * @param <R> the record
     * @param <B> the builder
     * @return the column
     */
    public static <R, B> RecordColumn<R, B> whole(
            Column column, long least, long greatest, Function<R, OptionalLong> get, ObjLongConsumer<B> set) {
        return new OfLong<>(column, least, greatest, get, set);
    }

    /**
     * A column of whole numbers that fit into an int.
     *
     * @param column its name and type
     * @param least the smallest number that is possible
     * @param greatest the greatest number that is possible
     * @param get reads the number from a record
     * @param set gives the number to a builder
     * @param <R> the record
     * @param <B> the builder
     * @return the column
     */
    public static <R, B> RecordColumn<R, B> small(
            Column column, int least, int greatest, Function<R, OptionalInt> get, ObjIntConsumer<B> set) {
        return new OfInt<>(column, least, greatest, get, set);
    }

    /**
     * A column of binary fractions.
     *
     * @param column its name and type
     * @param limit the greatest number that is possible, and with a minus the smallest
     * @param get reads the number from a record
     * @param set gives the number to a builder
     * @param <R> the record
     * @param <B> the builder
     * @return the column
     */
    public static <R, B> RecordColumn<R, B> real(
            Column column, int limit, Function<R, OptionalDouble> get, ObjDoubleConsumer<B> set) {
        return new OfDouble<>(column, limit, get, set);
    }

    final void checkRange(long value, long least, long greatest) {
        if (value < least || value > greatest) {
            throw ValueKind.refused(column, Long.toString(value), least + " to " + greatest);
        }
    }

    private static final class OfObject<R, B, V> extends RecordColumn<R, B> {
        private final ValueKind<V> kind;
        private final boolean required;
        private final Function<R, @Nullable V> get;
        private final BiConsumer<B, V> set;

        OfObject(
                Column column,
                ValueKind<V> kind,
                boolean required,
                Function<R, @Nullable V> get,
                BiConsumer<B, V> set) {
            super(column);
            this.kind = kind;
            this.required = required;
            this.get = get;
            this.set = set;
        }

        @Override
        public void check(R row) {
            V value = get.apply(row);
            if (value != null) {
                kind.check(column(), value);
            } else if (required) {
                throw BudMetricsException.invalidRecord(
                        column().name() + " is missing; give one, every record needs it");
            }
        }

        @Override
        public void append(R row, ColumnSink out) {
            V value = get.apply(row);
            if (value == null) {
                out.absent();
            } else {
                kind.append(value, out);
            }
        }

        @Override
        public @Nullable Object value(R row) {
            return get.apply(row);
        }

        @Override
        public @Nullable Object json(R row) {
            V value = get.apply(row);
            return value == null ? null : kind.json(value);
        }

        @Override
        public void read(B builder, Object json) {
            set.accept(builder, kind.read(column().name(), json));
        }

        @Override
        public long length(R row) {
            V value = get.apply(row);
            return value == null ? 0 : kind.length(value);
        }
    }

    private static final class OfLong<R, B> extends RecordColumn<R, B> {
        private final long least;
        private final long greatest;
        private final Function<R, OptionalLong> get;
        private final ObjLongConsumer<B> set;

        OfLong(Column column, long least, long greatest, Function<R, OptionalLong> get, ObjLongConsumer<B> set) {
            super(column);
            this.least = least;
            this.greatest = greatest;
            this.get = get;
            this.set = set;
        }

        @Override
        public void check(R row) {
            OptionalLong value = get.apply(row);
            if (value.isPresent()) {
                checkRange(value.getAsLong(), least, greatest);
            }
        }

        @Override
        public void append(R row, ColumnSink out) {
            OptionalLong value = get.apply(row);
            if (value.isPresent()) {
                out.whole(value.getAsLong());
            } else {
                out.absent();
            }
        }

        @Override
        public @Nullable Object value(R row) {
            OptionalLong value = get.apply(row);
            return value.isPresent() ? BigDecimal.valueOf(value.getAsLong()) : null;
        }

        @Override
        public @Nullable Object json(R row) {
            OptionalLong value = get.apply(row);
            return value.isPresent() ? value.getAsLong() : null;
        }

        @Override
        public void read(B builder, Object json) {
            set.accept(builder, ValueKind.whole(column().name(), json));
        }
    }

    private static final class OfInt<R, B> extends RecordColumn<R, B> {
        private final int least;
        private final int greatest;
        private final Function<R, OptionalInt> get;
        private final ObjIntConsumer<B> set;

        OfInt(Column column, int least, int greatest, Function<R, OptionalInt> get, ObjIntConsumer<B> set) {
            super(column);
            this.least = least;
            this.greatest = greatest;
            this.get = get;
            this.set = set;
        }

        @Override
        public void check(R row) {
            OptionalInt value = get.apply(row);
            if (value.isPresent()) {
                checkRange(value.getAsInt(), least, greatest);
            }
        }

        @Override
        public void append(R row, ColumnSink out) {
            OptionalInt value = get.apply(row);
            if (value.isPresent()) {
                out.whole(value.getAsInt());
            } else {
                out.absent();
            }
        }

        @Override
        public @Nullable Object value(R row) {
            OptionalInt value = get.apply(row);
            return value.isPresent() ? BigDecimal.valueOf(value.getAsInt()) : null;
        }

        @Override
        public @Nullable Object json(R row) {
            OptionalInt value = get.apply(row);
            return value.isPresent() ? value.getAsInt() : null;
        }

        @Override
        public void read(B builder, Object json) {
            long value = ValueKind.whole(column().name(), json);
            checkRange(value, least, greatest);
            set.accept(builder, (int) value);
        }
    }

    private static final class OfDouble<R, B> extends RecordColumn<R, B> {
        private final int limit;
        private final Function<R, OptionalDouble> get;
        private final ObjDoubleConsumer<B> set;

        OfDouble(Column column, int limit, Function<R, OptionalDouble> get, ObjDoubleConsumer<B> set) {
            super(column);
            this.limit = limit;
            this.get = get;
            this.set = set;
        }

        @Override
        public void check(R row) {
            OptionalDouble value = get.apply(row);
            // written so that NaN is refused too
            if (value.isPresent() && !(Math.abs(value.getAsDouble()) <= limit)) {
                throw ValueKind.refused(column(), Double.toString(value.getAsDouble()), "-" + limit + " to " + limit);
            }
        }

        @Override
        public void append(R row, ColumnSink out) {
            OptionalDouble value = get.apply(row);
            if (value.isPresent()) {
                out.real(value.getAsDouble());
            } else {
                out.absent();
            }
        }

        @Override
        public @Nullable Object value(R row) {
            OptionalDouble value = get.apply(row);
            return value.isPresent() ? BigDecimal.valueOf(value.getAsDouble()) : null;
        }

        @Override
        public @Nullable Object json(R row) {
            OptionalDouble value = get.apply(row);
            return value.isPresent() ? value.getAsDouble() : null;
        }

        @Override
        public void read(B builder, Object json) {
            set.accept(builder, ValueKind.real(column().name(), json));
        }
    }
}
