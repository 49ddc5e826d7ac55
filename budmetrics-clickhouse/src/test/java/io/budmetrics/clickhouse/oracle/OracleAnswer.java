package io.budmetrics.clickhouse.oracle;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an answer should be.
 *
 * @param groups the groups in their order
 * @param lines period by period, in each group by group
 * @param totals of the groups in their order, of the periods, and of everything; none when not asked for
 */
record OracleAnswer(List<GroupKey> groups, List<Line> lines, List<Line> totals) {

    /** The key of a group: one value for each dimension, in their order; the others have none. */
    record GroupKey(List<@Nullable Object> values, boolean others) {
        @Override
        public String toString() {
            return others ? "others" : values.toString();
        }
    }

    /** A period and what of it is covered. */
    record Span(Instant from, Instant to, Instant coveredFrom, Instant coveredTo) {
        boolean partial() {
            return !from.equals(coveredFrom) || !to.equals(coveredTo);
        }
    }

    /** One row of the answer. */
    record Line(Span period, GroupKey group, boolean traffic, Map<String, Cell> cells) {}

    /**
     * One metric of a row.
     *
     * @param fields everything the value says: Long, Double or BigDecimal, null where it is absent
     * @param absence the reason why the headline is absent, null when it is present
     * @param change of the headline, null when there is none
     * @param ratio of the change to the former headline, null when there is none
     * @param comparable whether both periods are whole
     */
    record Cell(
            Map<String, @Nullable Object> fields,
            @Nullable String absence,
            @Nullable Double change,
            @Nullable Double ratio,
            boolean comparable) {}
}
