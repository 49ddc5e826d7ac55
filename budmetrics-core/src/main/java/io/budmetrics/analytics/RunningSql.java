package io.budmetrics.analytics;

import static io.budmetrics.analytics.RangeSql.ARRIVAL_MICROS;
import static io.budmetrics.analytics.RangeSql.DURATION_LIMITED;
import static io.budmetrics.analytics.ResultColumns.BUCKET;

import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.Item;
import io.budmetrics.internal.sql.Scan;
import io.budmetrics.internal.sql.Select;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests in flight: each is spread over the buckets it runs in, and cut to them and to the range. A request yields one row
 * for each bucket, with where in it the request begins and ends.
 */
final class RunningSql {
    /** How deep an item stands in a union of SELECTs over a SELECT. */
    private static final int DEPTH = 3;

    private static final Item STARTED = Item.of(ARRIVAL_MICROS + " AS started");
    private static final Item ENDED = Item.of("started + assumeNotNull(" + DURATION_LIMITED + ") AS ended");
    private static final String NOT_EMPTY = Aggregate.SPAN_START + " < " + Aggregate.SPAN_END;

    private RunningSql() {}

    /** One row for each request and bucket. */
    static Select spans(RangeSql range, GroupSql groups, boolean withDelta, Scan scan) {
        BucketSql buckets = range.buckets();
        String to = range.instantMicros(Moment.TO);
        List<Item> items = new ArrayList<>(groups.keys().size() + 5);
        for (GroupKey key : groups.keys()) {
            items.add(key.runningSource());
        }
        items.add(STARTED);
        items.add(ENDED);
        items.add(Item.of(buckets.length() + 192, out -> {
            buckets.appendTouched(out.append("arrayJoin("), "started", "least(ended, " + to + ")", DEPTH);
            out.append(") AS slot");
        }));
        items.add(Item.of(range.isClippedAtStart() ? 144 : 48, out -> appendStart(out, range, withDelta)));
        items.add(Item.of(buckets.length() + 80, out -> {
            buckets.appendEnd(out.append("least(ended, "), "slot");
            out.append(", ").append(to).append(") AS ").append(Aggregate.SPAN_END);
        }));
        return Select.of(items, scan).with(groups.classes());
    }

    private static void appendStart(StringBuilder out, RangeSql range, boolean withDelta) {
        out.append("greatest(started, slot");
        if (range.isClippedAtStart()) {
            String clip = range.instantMicros(Moment.FROM);
            out.append(", ");
            if (withDelta) {
                out.append("if(slot < ").append(range.axis().start(0)).append(", 0, ");
                out.append(clip).append(')');
            } else {
                out.append(clip);
            }
        }
        out.append(") AS ").append(Aggregate.SPAN_START);
    }

    /** Which of those rows count. */
    static List<String> conditions(RangeSql range, boolean withDelta) {
        if (!withDelta) {
            return List.of(NOT_EMPTY);
        }
        // so that asking for deltas changes nothing in the range
        return List.of(
                NOT_EMPTY,
                "(" + BUCKET + " < " + range.axis().start(0) + " OR started >= "
                        + range.instantMicros(Moment.LOOK_BACK_FROM) + ")");
    }
}
