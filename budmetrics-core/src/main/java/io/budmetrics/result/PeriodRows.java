package io.budmetrics.result;

import java.util.List;
import java.util.Objects;

/**
 * A period and its rows.
 *
 * @param period the period
 * @param rows one a group, in the order of the answer's groups; made when they are read, and unchangeable
 */
public record PeriodRows(Period period, List<Row> rows) {
    public PeriodRows {
        Objects.requireNonNull(period, "period is null");
        Objects.requireNonNull(rows, "rows is null");
    }
}
