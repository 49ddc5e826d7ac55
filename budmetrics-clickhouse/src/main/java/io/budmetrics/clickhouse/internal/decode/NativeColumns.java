package io.budmetrics.clickhouse.internal.decode;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A decoded result. */
final class NativeColumns implements Columns {
    private static final long[] NEVER = {};

    private final Map<String, Integer> positions;
    private final NativeColumn[] columns;
    private final int rowCount;

    /** The cells themselves, so that reading one costs no call; null where only the column can read it. */
    private final long[] @Nullable [] longs;

    private final double[] @Nullable [] doubles;

    /** The null flags themselves; {@link #NEVER} where no cell is null, null where only the column knows. */
    private final long[] @Nullable [] nulls;

    NativeColumns(Map<String, Integer> positions, NativeColumn[] columns, int rowCount) {
        this.positions = Map.copyOf(positions);
        this.columns = columns;
        this.rowCount = rowCount;
        this.longs = new long[columns.length] @Nullable [];
        this.doubles = new double[columns.length] @Nullable [];
        this.nulls = new long[columns.length] @Nullable [];
        for (int i = 0; i < columns.length; i++) {
            NativeColumn values = columns[i];
            if (values instanceof NullableColumn nullable) {
                nulls[i] = nullable.nulls();
                values = nullable.values();
            } else if (!(values instanceof LowCardinalityColumn || values instanceof NothingColumn)) {
                nulls[i] = NEVER;
            }
            if (values instanceof LongsColumn integers) {
                longs[i] = integers.values;
            } else if (values instanceof DoubleColumn reals) {
                doubles[i] = reals.values;
            }
        }
    }

    @Override
    public int rowCount() {
        return rowCount;
    }

    @Override
    public int indexOf(String name) {
        if (columns.length == 0) {
            return 0; // an empty body holds no names; no cell of it can be read either
        }
        Integer position = positions.get(name);
        if (position == null) {
            throw BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, "the result has no column " + name);
        }
        return position;
    }

    @Override
    public boolean isNull(int column, int row) {
        Objects.checkIndex(row, rowCount);
        long[] flags = nulls[column];
        if (flags == null) {
            return columns[column].isNull(row);
        }
        return flags != NEVER && NullableColumn.isSet(flags, row);
    }

    @Override
    public boolean isWhole(int column) {
        return columns.length > 0 && longs[column] != null;
    }

    @Override
    public boolean same(int column, int row, int other) {
        return columns[column].same(Objects.checkIndex(row, rowCount), Objects.checkIndex(other, rowCount));
    }

    @Override
    public long longAt(int column, int row) {
        Objects.checkIndex(row, rowCount);
        long[] values = longs[column];
        // only the column knows whether a negative number is one, or too great for a long
        return values == null || values[row] < 0 ? columns[column].longAt(row) : values[row];
    }

    @Override
    public double doubleAt(int column, int row) {
        Objects.checkIndex(row, rowCount);
        double[] values = doubles[column];
        return values == null ? columns[column].doubleAt(row) : values[row];
    }

    @Override
    public BigDecimal decimalAt(int column, int row) {
        return columns[column].decimalAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public UUID uuidAt(int column, int row) {
        return columns[column].uuidAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public String textAt(int column, int row) {
        return columns[column].textAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public int lengthAt(int column, int row) {
        return columns[column].lengthAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public double elementAt(int column, int row, int element) {
        return columns[column].elementAt(Objects.checkIndex(row, rowCount), element);
    }

    @Override
    public BigInteger bigIntegerAt(int column, int row) {
        return columns[column].bigIntegerAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public InetAddress addressAt(int column, int row) {
        return columns[column].addressAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public LocalDate dateAt(int column, int row) {
        return columns[column].dateAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public Instant instantAt(int column, int row) {
        return columns[column].instantAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public List<@Nullable Object> listAt(int column, int row) {
        return columns[column].listAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public Map<Object, @Nullable Object> mapAt(int column, int row) {
        return columns[column].mapAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public List<@Nullable Object> tupleAt(int column, int row) {
        return columns[column].tupleAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public @Nullable Object valueAt(int column, int row) {
        return columns[column].valueAt(Objects.checkIndex(row, rowCount));
    }

    /** The size; never a value. */
    @Override
    public String toString() {
        return columns.length + " columns, " + rowCount + " rows";
    }
}
