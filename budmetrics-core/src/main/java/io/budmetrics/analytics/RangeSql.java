package io.budmetrics.analytics;

import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.internal.sql.Conditions;
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
 * parameters, whose names begin with a prefix for the second range; its buckets are arithmetic on their edges.
 */
final class RangeSql {
    static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();
    static final String ARRIVAL_MICROS = "toUnixTimestamp64Micro(" + ARRIVAL + ")";
    static final String DURATION = InferenceFact.RESPONSE_TIME_US.name();
    /** A hundred and thirty-five years: keeps the end of an absurd duration from overflowing. */
    static final String DURATION_LIMITED = "least(" + DURATION + ", 4260211200000000)";

    /** Those of nearly every statement. */
    private static final String FROM = StatementDraft.instant("from");

    private static final String TO = StatementDraft.instant("to");
    private static final String BEFORE_FROM = StatementDraft.instant("before_from");

    private final AnalyticsQuestion question;
    private final boolean inFlight;
    private final int firstBucket;
    private final String prefix;
    private final BucketAxis axis;
    private final BucketSql buckets;
    private final Relation relation;

    /**
     * The range of a question.
     *
     * @param question about this range
     * @param options the question that is asked, whose options hold for both ranges
     * @param inFlight whether requests in flight are read too
     * @param prefix what the names of parameters begin with
     * @param relation what a translation of the layout is called
     * @param needed the logical columns that a translation yields
     */
    RangeSql(
            AnalyticsQuestion question,
            AnalyticsQuestion options,
            boolean inFlight,
            String prefix,
            StatementContext context,
            String relation,
            Set<String> needed) {
        this.question = options;
        this.inFlight = inFlight;
        this.firstBucket = options.withDelta() ? -1 : 0;
        this.prefix = prefix;
        this.axis = BucketAxis.of(question.range(), question.frequency());
        this.buckets = BucketSql.of(axis, firstBucket);
        this.relation = context.translates()
                ? context.relation(relation, needed, instant(earliest()), instant("to"))
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

    boolean isCompared() {
        return !prefix.isEmpty();
    }

    boolean hasSingleBucket() {
        return axis.count() - firstBucket == 1;
    }

    boolean isClippedAtStart() {
        return axis.start(0) < axis.from();
    }

    /** A reference to one of its moments. */
    String instant(String name) {
        if (!prefix.isEmpty()) {
            return StatementDraft.instant(prefix + name);
        }
        return switch (name) {
            case "from" -> FROM;
            case "to" -> TO;
            case "before_from" -> BEFORE_FROM;
            default -> StatementDraft.instant(name);
        };
    }

    String instantMicros(String name) {
        return "toUnixTimestamp64Micro(" + instant(name) + ")";
    }

    private String named(String name) {
        return prefix.isEmpty() ? name : prefix + name;
    }

    /** The first moment that arrived requests are read from. */
    private String since() {
        return question.withDelta() ? "before_from" : "from";
    }

    /** The first moment that running requests are read from. */
    private String lookBackSince() {
        return question.withDelta() ? "before_look_back_from" : "look_back_from";
    }

    private String earliest() {
        return inFlight ? lookBackSince() : since();
    }

    void addParameters(StatementDraft draft) {
        draft.add(SqlParameter.ofMicros(named("from"), axis.from()));
        draft.add(SqlParameter.ofMicros(named("to"), axis.to()));
        if (question.withDelta()) {
            draft.add(since1970(named("before_from"), axis.start(firstBucket)));
            if (isClippedAtStart()) {
                draft.add(since1970(named("bucket_start"), axis.start(0)));
            }
        }
        if (inFlight) {
            long lookBack = question.lookBack().toNanos() / 1000;
            draft.add(since1970(named("look_back_from"), axis.from() - lookBack));
            if (question.withDelta()) {
                draft.add(since1970(named("before_look_back_from"), axis.start(firstBucket) - lookBack));
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
                ? List.of("NOT (" + ARRIVAL + " >= " + instant("bucket_start") + " AND " + ARRIVAL + " < "
                        + instant("from") + ")")
                : List.of();
        return Scan.of(relation, instant(since()), instant("to"), also, conditions);
    }

    /** What may run in the buckets, whenever it arrived. */
    Scan running(Conditions conditions) {
        return Scan.of(relation, instant(lookBackSince()), instant("to"), List.of(DURATION + " > 0"), conditions);
    }

    /** What arrived in the range and nothing else. */
    Scan wholeRange(Conditions conditions) {
        return Scan.of(relation, instant("from"), instant("to"), List.of(), conditions);
    }

    /** Where a request begins and ends that is ranked over the whole range: only what arrived counts, cut to its end. */
    List<String> spans() {
        return List.of(
                ARRIVAL_MICROS + " AS " + Aggregate.SPAN_START,
                "least(" + ARRIVAL_MICROS + " + " + DURATION_LIMITED + ", " + instantMicros("to") + ") AS "
                        + Aggregate.SPAN_END);
    }
}
