package io.budmetrics.bench;

import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.param;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.using;
import static org.jooq.impl.DSL.val;

import java.sql.Timestamp;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.Table;

/**
 * The statements of {@link Questions#one()} and {@link Questions#typical()} as somebody would write them with jOOQ: the same
 * clauses and about the same expressions. Its open-source edition knows no ClickHouse, so the dialect is its default.
 */
final class OtherBuilders {
    private static final DSLContext JOOQ = using(SQLDialect.DEFAULT);
    private static final Table<?> FACT = table(name("InferenceFact"));
    private static final Field<Timestamp> ARRIVAL = field(name("request_arrival_time"), Timestamp.class);
    private static final Field<String> PROMPT = field(name("prompt_id"), String.class);
    private static final Field<UUID> PROJECT = field(name("project_id"), UUID.class);
    private static final Field<UUID> MODEL = field(name("model_id"), UUID.class);
    private static final Field<Long> RESPONSE = field(name("response_time_us"), Long.class);
    private static final Field<Boolean> SUCCESS = field(name("is_success"), Boolean.class);
    private static final Field<Long> BUCKET =
            field("toDateTime({0}, 'UTC')", Long.class, field("toStartOfDay({0}, 'UTC')", Timestamp.class, ARRIVAL));

    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private OtherBuilders() {}

    private static Condition scope() {
        return ARRIVAL.ge(Timestamp.from(Questions.FROM))
                .and(ARRIVAL.lt(Timestamp.from(Questions.TO)))
                .and(PROMPT.isNull().or(PROMPT.eq("")));
    }

    static String one() {
        return JOOQ.select(BUCKET.as("bucket"), count(asterisk()).as("request_count"))
                .from(FACT)
                .where(scope())
                .groupBy(field(name("bucket")))
                .orderBy(field(name("bucket")).asc())
                .getSQL();
    }

    static String typical() {
        Condition scope = scope().and(PROJECT.in(Questions.PROJECT_A, Questions.PROJECT_B));
        Condition measured = RESPONSE.ge(0L);
        return JOOQ.with(name("top_groups"))
                .as(JOOQ.select(MODEL)
                        .from(FACT)
                        .where(scope)
                        .groupBy(MODEL)
                        .orderBy(count().desc(), MODEL.asc())
                        .limit(5))
                .select(
                        MODEL.as("model"),
                        BUCKET.as("bucket"),
                        count().as("request_count"),
                        count().filterWhere(measured).as("latency_measured"),
                        sum(RESPONSE).filterWhere(measured).as("latency_sum"),
                        min(RESPONSE).filterWhere(measured).as("latency_min"),
                        max(RESPONSE).filterWhere(measured).as("latency_max"),
                        field(
                                        "quantilesExactInclusiveIf({0}, {1})({2}, {2} >= 0)",
                                        Object.class, val(0.95), val(0.99), RESPONSE)
                                .as("latency_quantiles"),
                        count().filterWhere(SUCCESS.eq(true)).as("success_count"),
                        count(SUCCESS).as("success_known"))
                .from(FACT)
                .where(scope.and(MODEL.in(JOOQ.select(MODEL).from(table(name("top_groups")))))
                        .and(ARRIVAL.ge(param("before", Timestamp.from(Questions.FROM)))))
                .groupBy(MODEL, field(name("bucket")))
                .orderBy(MODEL.asc(), field(name("bucket")).asc())
                .getSQL();
    }
}
