package io.budmetrics.analytics;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A result given row by row. */
public class RowColumns implements Columns {
    private final List<String> names;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    public RowColumns(String... names) {
        this.names = List.of(names);
    }

    public RowColumns row(@Nullable Object... cells) {
        rows.add(Collections.unmodifiableList(Arrays.asList(cells)));
        return this;
    }

    private @Nullable Object at(int column, int row) {
        return rows.get(row).get(column);
    }

    @Override
    public int rowCount() {
        return rows.size();
    }

    @Override
    public int indexOf(String name) {
        int position = names.indexOf(name);
        if (position < 0) {
            throw BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, "no column " + name);
        }
        return position;
    }

    @Override
    public boolean isNull(int column, int row) {
        return at(column, row) == null;
    }

    @Override
    public boolean isWhole(int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .allMatch(cell -> cell == null || cell instanceof Long || cell instanceof Integer);
    }

    @Override
    public boolean same(int column, int row, int other) {
        return Objects.equals(at(column, row), at(column, other));
    }

    @Override
    public long longAt(int column, int row) {
        return at(column, row) instanceof Number number ? number.longValue() : 0;
    }

    @Override
    public double doubleAt(int column, int row) {
        return at(column, row) instanceof Number number ? number.doubleValue() : 0;
    }

    @Override
    public BigDecimal decimalAt(int column, int row) {
        return at(column, row) instanceof BigDecimal decimal ? decimal : BigDecimal.ZERO;
    }

    @Override
    public UUID uuidAt(int column, int row) {
        return at(column, row) instanceof UUID uuid ? uuid : new UUID(0, 0);
    }

    @Override
    public String textAt(int column, int row) {
        return at(column, row) instanceof String text ? text : "";
    }

    @Override
    public int lengthAt(int column, int row) {
        return at(column, row) instanceof double[] array ? array.length : 0;
    }

    @Override
    public double elementAt(int column, int row, int element) {
        return at(column, row) instanceof double[] array ? array[element] : 0;
    }

    @Override
    public @Nullable Object valueAt(int column, int row) {
        return at(column, row);
    }
}
