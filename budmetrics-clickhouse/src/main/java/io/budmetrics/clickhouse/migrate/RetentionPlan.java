package io.budmetrics.clickhouse.migrate;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;

/**
 * What a cut-off drops and what it keeps. Immutable.
 *
 * @param cutOff the first moment that stays
 * @param drops the months that ended before it, by table, oldest first
 * @param stays all other months that have rows, by table, oldest first
 */
public record RetentionPlan(Instant cutOff, List<Month> drops, List<Month> stays) {
    /** Copies the lists. */
    public RetentionPlan {
        Objects.requireNonNull(cutOff, "cutOff is null");
        drops = List.copyOf(drops);
        stays = List.copyOf(stays);
    }

    /**
     * A month of a table, which is a partition. Its rows are those that are stored: an inference that was delivered
     * twice may count twice until the server has merged it.
     *
     * @param table the table's name, without its database
     * @param month a month in UTC
     * @param rows all its rows
     * @param rowsBefore its rows from before the cut-off
     * @param bytes what it takes on disk
     */
    public record Month(String table, YearMonth month, long rows, long rowsBefore, long bytes) {
        /** Rejects null. */
        public Month {
            Objects.requireNonNull(table, "table is null");
            Objects.requireNonNull(month, "month is null");
        }
    }

    /**
     * Returns the SQL that drops the months.
     *
     * @return one statement a month, in order
     */
    public List<String> statements() {
        return drops.stream().map(Retention::statement).toList();
    }

    /**
     * Counts the rows that are dropped.
     *
     * @return 0 or more
     */
    public long droppedRows() {
        return drops.stream().mapToLong(Month::rows).sum();
    }

    /**
     * Adds up the bytes that are freed on disk.
     *
     * @return bytes, 0 or more
     */
    public long droppedBytes() {
        return drops.stream().mapToLong(Month::bytes).sum();
    }

    /**
     * Counts the rows from before the cut-off that are kept because the cut-off is within their month.
     *
     * @return 0 or more
     */
    public long rowsBeforeThatStay() {
        return stays.stream().mapToLong(Month::rowsBefore).sum();
    }

    /**
     * Writes the plan as a human-readable text.
     *
     * @return a line for the cut-off and one for each month
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Before ").append(cutOff);
        for (Month month : drops) {
            text.append("\ndrops ").append(sizes(month));
        }
        for (Month month : stays) {
            text.append("\nkeeps ").append(sizes(month));
            if (month.rowsBefore() > 0) {
                text.append(", ").append(month.rowsBefore()).append(" of the rows before the cut-off");
            }
        }
        return text.toString();
    }

    private static String sizes(Month month) {
        return month.table() + " " + month.month() + ": " + month.rows() + " rows, " + month.bytes() + " bytes";
    }
}
