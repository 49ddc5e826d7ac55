package io.budmetrics.result;

import java.util.List;

/**
 * A period and its rows.
 *
 * @param period the period
 * @param rows one a group, in the order of the answer's groups
 */
public record PeriodRows(Period period, List<Row> rows) {}
