package io.budmetrics.clickhouse.oracle;

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
 * @param conditions all of them must hold
 * @param dimensions by what is grouped
 * @param top how many groups are kept; 0 keeps all
 * @param by the metric that ranks; null without top
 * @param smallestFirst whether the smallest value ranks first
 * @param delta whether a change is asked for
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
        List<Condition> conditions,
        List<String> dimensions,
        int top,
        @Nullable AskedMetric by,
        boolean smallestFirst,
        boolean delta,
        boolean dense,
        String source,
        long lookBackMicros) {

    /** A metric by name, with the percentiles asked for, as fractions. */
    record AskedMetric(String name, List<Double> percentiles) {}

    /** One of the values. */
    record Condition(String dimension, Set<Object> values) {}
}
