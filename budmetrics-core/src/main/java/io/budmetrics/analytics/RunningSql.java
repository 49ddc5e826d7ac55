package io.budmetrics.analytics;

import static io.budmetrics.analytics.RangeSql.ARRIVAL_MICROS;
import static io.budmetrics.analytics.RangeSql.DURATION_LIMITED;
import static io.budmetrics.analytics.ResultColumns.BUCKET;

import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.Scan;
import io.budmetrics.internal.sql.Select;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests in flight: each is spread over the buckets it runs in, and cut to them and to the range. A request yields one row
 * for each bucket, with where in it the request begins and ends.
 */
final class RunningSql {
    private static final String DEEP = "\n            ";

    private RunningSql() {}

    /** One row for each request and bucket. */
    static Select spans(RangeSql range, GroupSql groups, boolean withDelta, Scan scan) {
        BucketSql buckets = range.buckets();
        String to = range.instantMicros("to");
        List<String> items = new ArrayList<>(groups.dimensions().size() + 5);
        for (Dimension<?> dimension : groups.dimensions()) {
            String key = GroupSql.key(dimension, true);
            String column = GroupSql.key(dimension, false);
            items.add(key.equals(column) ? key : column + " AS " + key);
        }
        items.add(ARRIVAL_MICROS + " AS started");
        items.add("started + assumeNotNull(" + DURATION_LIMITED + ") AS ended");
        StringBuilder text = new StringBuilder(256).append("arrayJoin(");
        buckets.appendTouched(text, "started", "least(ended, " + to + ")", DEEP);
        items.add(text.append(") AS slot").toString());
        text.setLength(0);
        text.append("greatest(started, slot");
        if (range.isClippedAtStart()) {
            String clip = range.instantMicros("from");
            text.append(", ");
            if (withDelta) {
                text.append("if(slot < ").append(range.axis().start(0)).append(", 0, ");
                text.append(clip).append(')');
            } else {
                text.append(clip);
            }
        }
        items.add(text.append(") AS ").append(Aggregate.SPAN_START).toString());
        text.setLength(0);
        buckets.appendEnd(text.append("least(ended, "), "slot");
        items.add(text.append(", ")
                .append(to)
                .append(") AS ")
                .append(Aggregate.SPAN_END)
                .toString());
        return Select.of(items, scan).with(groups.classes());
    }

    /** Which of those rows count. */
    static List<String> conditions(RangeSql range, boolean withDelta) {
        String notEmpty = Aggregate.SPAN_START + " < " + Aggregate.SPAN_END;
        if (!withDelta) {
            return List.of(notEmpty);
        }
        // so that asking for deltas changes nothing in the range
        return List.of(
                notEmpty,
                "(" + BUCKET + " < " + range.axis().start(0) + " OR started >= " + range.instantMicros("look_back_from")
                        + ")");
    }
}
