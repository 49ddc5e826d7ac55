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
 * @param other of the range that this one is compared with; null when none is
 */
record OracleAnswer(
        List<GroupKey> groups,
        List<Line> lines,
        List<Line> totals,
        @Nullable Other other) {

    /** The range that another one is compared with, and which groups have traffic in one of them only. */
    record Other(OracleAnswer answer, List<GroupKey> newGroups, List<GroupKey> vanishedGroups) {}

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
     * @param comparison with the other range; null when none is asked for
     */
    record Cell(
            Map<String, @Nullable Object> fields,
            @Nullable String absence,
            @Nullable Double change,
            @Nullable Double ratio,
            boolean comparable,
            @Nullable Comparison comparison) {}

    /**
     * A headline against that of the other range.
     *
     * @param change null when there is none
     * @param ratio of the change to the other headline, null when there is none
     * @param comparable whether both periods are whole and as long
     */
    record Comparison(@Nullable Double change, @Nullable Double ratio, boolean comparable) {}
}
