package io.budmetrics.question;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.sql.SqlStatement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a question reads; computed without a server. Immutable.
 *
 * @param tables the tables it reads
 * @param columns the logical columns it reads, in the order of the table
 * @param from start of the range, inclusive
 * @param to end of the range, exclusive
 * @param cells the shape of the answer
 * @param scans how often the statement reads the range, 1 or more
 * @param scan a statement that reads the range once as the question does, for estimates
 */
public record Facts(
        List<String> tables,
        List<String> columns,
        Instant from,
        Instant to,
        Cells cells,
        int scans,
        SqlStatement<?> scan) {
    /** Rejects a question that scans nothing. */
    public Facts {
        tables = List.copyOf(tables);
        columns = List.copyOf(columns);
        Objects.requireNonNull(from, "from is null");
        Objects.requireNonNull(to, "to is null");
        Objects.requireNonNull(cells, "cells is null");
        Objects.requireNonNull(scan, "scan is null");
        if (scans < 1) {
            throw BudMetricsException.invalidQuery("scans is " + scans + "; give 1 or more");
        }
    }

    /**
     * The number of cells of an answer, by buckets and groups.
     *
     * @param buckets how many buckets each group has; 1 where time is not divided
     * @param most how many values the answer has at most; empty when nothing limits it
     */
    public record Cells(int buckets, OptionalLong most) {
        /** Rejects null. */
        public Cells {
            Objects.requireNonNull(most, "most is null");
        }
    }
}
