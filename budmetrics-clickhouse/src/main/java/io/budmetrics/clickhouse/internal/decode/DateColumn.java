package io.budmetrics.clickhouse.internal.decode;

import java.time.LocalDate;

/** Date and Date32: days since 1970-01-01. */
final class DateColumn extends LongsColumn {
    DateColumn(int width, boolean signed) {
        super(width, signed);
    }

    @Override
    LocalDate dateAt(int row) {
        return LocalDate.ofEpochDay(values[row]);
    }

    @Override
    Object valueAt(int row) {
        return dateAt(row);
    }

    @Override
    String accessors() {
        return "dateAt or longAt";
    }
}
