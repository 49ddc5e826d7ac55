package io.budmetrics.analytics;

import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.Conditions;
import io.budmetrics.internal.sql.Item;
import io.budmetrics.internal.sql.Relation;
import io.budmetrics.internal.sql.Scan;
import io.budmetrics.internal.sql.StatementContext;
import io.budmetrics.internal.sql.StatementDraft;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.time.BucketAxis;
import java.util.List;
import java.util.Set;

/**
 * One of the ranges that a statement goes over: that of the question, or the one it is compared with. Its moments are
 * parameters, of other names for the second range; its buckets are arithmetic on their edges.
 */
final class RangeSql {
    static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();
    static final String ARRIVAL_MICROS = "toUnixTimestamp64Micro(" + ARRIVAL + ")";
    static final String DURATION = InferenceFact.RESPONSE_TIME_US.name();
    private static final List<String> RAN = List.of(DURATION + " > 0");
    /** A hundred and thirty-five years: keeps the end of an absurd duration from overflowing. */
    static final String DURATION_LIMITED = "least(" + DURATION + ", 4260211200000000)";

    private final AnalyticsQuestion question;
    private final boolean inFlight;
    private final int firstBucket;
    private final boolean compared;
    private final BucketAxis axis;
    private final BucketSql buckets;
    private final Relation relation;

    /**
     * The range of a question.
     *
     * @param question about this range
     * @param options the question that is asked, whose options hold for both ranges
     * @param inFlight whether requests in flight are read too
     * @param compared whether it is the range that the question is compared with
     * @param relation what a translation of the layout is called
     * @param needed the logical columns that a translation yields
     */
    RangeSql(
            AnalyticsQuestion question,
            AnalyticsQuestion options,
            boolean inFlight,
            boolean compared,
            StatementContext context,
            String relation,
            Set<String> needed) {
        this.question = options;
        this.inFlight = inFlight;
        this.firstBucket = options.withDelta() ? -1 : 0;
        this.compared = compared;
        this.axis = BucketAxis.of(question.range(), question.frequency());
        this.buckets = BucketSql.of(axis, firstBucket);
        this.relation = context.translates()
                ? context.relation(relation, needed, instant(earliest()), instant(Moment.TO))
                : context.table();
    }

    BucketAxis axis() {
        return axis;
    }

    BucketSql buckets() {
        return buckets;
    }

    Relation relation() {
        return relation;
    }

    /** The bucket that a request arrived in. */
    Item arrivalBucket() {
        return Item.of(buckets.length() + ARRIVAL_MICROS.length(), out -> {
            buckets.appendStart(out, ARRIVAL_MICROS);
            out.append(" AS ").append(ResultColumns.BUCKET);
        });
    }

    boolean isCompared() {
        return compared;
    }

    boolean hasSingleBucket() {
        return axis.count() - firstBucket == 1;
    }

    boolean isClippedAtStart() {
        return axis.start(0) < axis.from();
    }

    /** A reference to one of its moments. */
    private String instant(Moment moment) {
        return moment.parameter(compared).reference();
    }

    /** The same in microseconds since 1970. */
    String instantMicros(Moment moment) {
        return moment.parameter(compared).micros();
    }

    private String named(Moment moment) {
        return moment.parameter(compared).name();
    }

    /** The first moment that arrived requests are read from. */
    private Moment since() {
        return question.withDelta() ? Moment.BEFORE_FROM : Moment.FROM;
    }

    /** The first moment that running requests are read from. */
    private Moment lookBackSince() {
        return question.withDelta() ? Moment.BEFORE_LOOK_BACK_FROM : Moment.LOOK_BACK_FROM;
    }

    private Moment earliest() {
        return inFlight ? lookBackSince() : since();
    }

    void addParameters(StatementDraft draft) {
        draft.add(SqlParameter.ofMicros(named(Moment.FROM), axis.from()));
        draft.add(SqlParameter.ofMicros(named(Moment.TO), axis.to()));
        if (question.withDelta()) {
            draft.add(since1970(named(Moment.BEFORE_FROM), axis.start(firstBucket)));
            if (isClippedAtStart()) {
                draft.add(since1970(named(Moment.BUCKET_START), axis.start(0)));
            }
        }
        if (inFlight) {
            long lookBack = question.lookBack().toNanos() / 1000;
            draft.add(since1970(named(Moment.LOOK_BACK_FROM), axis.from() - lookBack));
            if (question.withDelta()) {
                draft.add(since1970(named(Moment.BEFORE_LOOK_BACK_FROM), axis.start(firstBucket) - lookBack));
            }
        }
    }

    /** Nothing arrived before, and the server reads no year of five digits. */
    private static SqlParameter since1970(String name, long micros) {
        return SqlParameter.ofMicros(name, Math.max(micros, 0));
    }

    /** What arrived in the buckets: also in the one before the range when deltas need it, but not in between. */
    Scan arrived(Conditions conditions) {
        List<String> also = question.withDelta() && isClippedAtStart()
                ? List.of("NOT (" + ARRIVAL + " >= " + instant(Moment.BUCKET_START) + " AND " + ARRIVAL + " < "
                        + instant(Moment.FROM) + ")")
                : List.of();
        return Scan.of(relation, instant(since()), instant(Moment.TO), also, conditions);
    }

    /** What may run in the buckets, whenever it arrived. */
    Scan running(Conditions conditions) {
        return Scan.of(relation, instant(lookBackSince()), instant(Moment.TO), RAN, conditions);
    }

    /** What arrived in the range and nothing else. */
    Scan wholeRange(Conditions conditions) {
        return Scan.of(relation, instant(Moment.FROM), instant(Moment.TO), List.of(), conditions);
    }

    /** Where a request begins and ends that is ranked over the whole range: only what arrived counts, cut to its end. */
    List<String> spans() {
        return List.of(
                ARRIVAL_MICROS + " AS " + Aggregate.SPAN_START,
                "least(" + ARRIVAL_MICROS + " + " + DURATION_LIMITED + ", " + instantMicros(Moment.TO) + ") AS "
                        + Aggregate.SPAN_END);
    }
}
