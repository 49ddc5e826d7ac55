package io.budmetrics.clickhouse.internal;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A decoded result. */
final class NativeColumns implements Columns {
    private final Map<String, Integer> positions;
    private final NativeColumn[] columns;
    private final int rowCount;

    NativeColumns(Map<String, Integer> positions, NativeColumn[] columns, int rowCount) {
        this.positions = Map.copyOf(positions);
        this.columns = columns;
        this.rowCount = rowCount;
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
        return columns[column].isNull(Objects.checkIndex(row, rowCount));
    }

    @Override
    public long longAt(int column, int row) {
        return columns[column].longAt(Objects.checkIndex(row, rowCount));
    }

    @Override
    public double doubleAt(int column, int row) {
        return columns[column].doubleAt(Objects.checkIndex(row, rowCount));
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

    /** The size; never a value. */
    @Override
    public String toString() {
        return columns.length + " columns, " + rowCount + " rows";
    }
}
