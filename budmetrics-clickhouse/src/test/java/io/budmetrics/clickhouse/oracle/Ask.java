package io.budmetrics.clickhouse.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question in the oracle's own words.
 *
 * @param metrics what is asked, in order
 * @param from start of the range, a whole microsecond
 * @param end end of the range, exclusive, a whole microsecond: the earlier of the end asked for and the pinned moment
 * @param unit the calendar unit, as the constants of the library are named
 * @param interval how many units a period has
 * @param zone whose calendar and clock the periods follow
 * @param weekStart the first day of a week
 * @param conditions all of them must hold
 * @param dimensions by what is grouped
 * @param top how many groups are kept; 0 keeps all
 * @param by the metric that ranks; null without top
 * @param smallestFirst whether the smallest value ranks first
 * @param having what must hold of a group over the range
 * @param delta whether a change is asked for
 * @param totals whether totals are asked for
 * @param comparison previous_period, or the ISO text of a period or a duration; empty without
 * @param dense whether periods without traffic are part of the answer
 * @param source INFERENCE, PROMPT or ALL
 * @param lookBackMicros how long before the range a request may have begun that still runs in it
 */
record Ask(
        List<AskedMetric> metrics,
        Instant from,
        Instant end,
        String unit,
        int interval,
        String zone,
        String weekStart,
        List<Condition> conditions,
        List<String> dimensions,
        int top,
        @Nullable AskedMetric by,
        boolean smallestFirst,
        List<Held> having,
        boolean delta,
        boolean totals,
        String comparison,
        boolean dense,
        String source,
        long lookBackMicros) {

    /**
     * A metric.
     *
     * @param name what the question calls it
     * @param kind what it is
     * @param percentiles the percentiles asked for, as fractions
     * @param limits what a request is judged by
     * @param parts what it is made of
     * @param per over how many of the second part it is
     * @param where which requests it is about; null for all
     */
    record AskedMetric(
            String name,
            String kind,
            List<Double> percentiles,
            Limits limits,
            List<AskedMetric> parts,
            long per,
            @Nullable Condition where) {
        AskedMetric(String name, List<Double> percentiles) {
            this(name, name, percentiles, Limits.NONE, List.of(), 1, null);
        }
    }

    /**
     * What a request is judged by: longest times in microseconds, and whether success must be known.
     *
     * @param of the duration an Apdex is about, or a quantity
     * @param target its target in microseconds
     * @param minimum below how many requests a number is withheld; 0 for never
     * @param confidence how many of a hundred intervals hold a percentile; 0 for no intervals
     */
    record Limits(
            @Nullable Long ttft,
            @Nullable Long tpot,
            @Nullable Long latency,
            boolean success,
            String of,
            long target,
            long minimum,
            long confidence) {
        static final Limits NONE = new Limits(null, null, null, false, "", 0, 0, 0);
    }

    /** The headline value of a group is there, and its order to the bound is one of these. */
    record Held(AskedMetric metric, Set<Integer> orders, double bound) {}

    /** What must hold of a request. */
    sealed interface Condition {}

    /** The field has one of the values. */
    record OneOf(String field, Set<Object> values) implements Condition {}

    /** The field has no value. */
    record None(String field) implements Condition {}

    /** The field has a value, and its order to the bound is one of these. */
    record Ordered(String field, Set<Integer> orders, BigDecimal bound) implements Condition {}

    /** The condition does not hold. */
    record Opposite(Condition condition) implements Condition {}

    /** So many of the conditions hold, or more. */
    record Hold(int least, List<Condition> conditions) implements Condition {}
}
