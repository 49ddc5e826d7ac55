package io.budmetrics;

import static io.budmetrics.metric.Metrics.LATENCY;
import static io.budmetrics.metric.Metrics.QUEUING_TIME;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static io.budmetrics.query.Dimension.MODEL;
import static io.budmetrics.query.Dimension.PROJECT;
import static io.budmetrics.query.Dimension.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.metric.Metric;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Frequency;
import io.budmetrics.query.TopN;
import io.budmetrics.query.TrafficSource;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlCompiler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QueryBuilderTest {
    private static final Instant FROM = Instant.parse("2026-01-07T09:30:00Z");
    private static final Instant TO = Instant.parse("2026-01-09T00:00:00Z");
    private static final AnalyticsBuilder COUNTS =
            QueryBuilder.analytics().metrics(REQUEST_COUNT).between(FROM, TO);

    @Test
    void aQuestionSurvivesItsJson() throws Exception {
        AnalyticsQuestion question = QueryBuilder.analytics()
                .metrics(REQUEST_COUNT, LATENCY.withPercentiles(0.5, 0.999))
                .between(FROM, TO)
                .every(Frequency.every(3, Frequency.Unit.HOUR))
                .where(PROJECT.in(new UUID(1, 2), new UUID(3, 4)), PROMPT.is("it's {p0:UUID} \\ \n 100%"))
                .groupBy(MODEL)
                .top(new TopN(5, QUEUING_TIME, false))
                .from(TrafficSource.ALL)
                .lookBack(Duration.ofMinutes(5))
                .asOf(Instant.parse("2026-01-08T00:00:00.123456Z"))
                .withDelta()
                .withDetails()
                .onlyPeriodsWithTraffic()
                .build();
        ObjectMapper mapper = new ObjectMapper();

        AnalyticsQuestion read = mapper.readValue(mapper.writeValueAsString(question), AnalyticsQuestion.class);

        assertThat(read).isEqualTo(question).hasSameHashCodeAs(question);
    }

    @Test
    void theRequestOfTheSeedParses() throws Exception {
        String json = """
                {"metrics": ["request_count", "ttft"], "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-08T00:00:00+05:30",
                 "frequency_unit": "hour", "frequency_interval": null, "filters": {"project": "00000000-0000-0001-0000-000000000002"},
                 "group_by": ["model"], "topk": 3}
                """;

        AnalyticsQuestion question = new ObjectMapper().readValue(json, AnalyticsQuestion.class);

        assertThat(question)
                .isEqualTo(QueryBuilder.analytics()
                        .metrics(REQUEST_COUNT, io.budmetrics.metric.Metrics.TTFT)
                        .between(Instant.parse("2026-01-07T00:00:00Z"), Instant.parse("2026-01-07T18:30:00Z"))
                        .every(Frequency.HOUR)
                        .where(PROJECT.is(new UUID(1, 2)))
                        .groupBy(MODEL)
                        .top(3)
                        .withDelta()
                        .build());
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAdvice() {
        List<ThrowingCallable> nonsense = List.of(
                () -> QueryBuilder.analytics().between(FROM, TO).build(),
                () -> QueryBuilder.analytics().metrics(REQUEST_COUNT).build(),
                () -> COUNTS.between(TO, FROM).build(),
                () -> COUNTS.between(FROM, FROM).build(),
                () -> COUNTS.between(Instant.parse("1969-12-31T00:00:00Z"), TO).build(),
                () -> COUNTS.between(FROM, Instant.parse("2200-01-01T00:00:00Z"))
                        .build(),
                () -> COUNTS.asOf(FROM).build(),
                () -> COUNTS.metrics(LATENCY, LATENCY.withPercentiles(0.5)).build(),
                () -> COUNTS.in(ZoneId.of("Europe/Paris")).build(),
                () -> COUNTS.top(5).build(),
                () -> COUNTS.groupBy(MODEL).top(0).build(),
                () -> COUNTS.groupBy(MODEL).top(1001).build(),
                () -> COUNTS.groupBy(MODEL, MODEL).build(),
                () -> COUNTS.where(MODEL.in(List.of())).build(),
                () -> COUNTS.where(PROMPT.is("")).build(),
                () -> COUNTS.where(MODEL.is(new UUID(1, 1)), MODEL.is(new UUID(2, 2)))
                        .build(),
                () -> COUNTS.lookBack(Duration.ofSeconds(-1)).build(),
                () -> Frequency.every(0, Frequency.Unit.DAY),
                () -> LATENCY.withPercentiles(99),
                () -> LATENCY.withPercentiles(0.5, 0.5),
                () -> SqlCompiler.forLayout(Layout.inferenceFact())
                        .compile(COUNTS.since(FROM).build()),
                () -> SqlCompiler.forLayout(Layout.inferenceFact())
                        .compile(COUNTS.between(Instant.EPOCH, TO)
                                .every(Frequency.MINUTE)
                                .build()));
        for (ThrowingCallable question : nonsense) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(question)
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY))
                    .withMessageContainingAll(";")
                    .withMessageNotContaining("null");
        }
    }

    @Test
    void aBuilderIsAValue() {
        AnalyticsBuilder base = COUNTS.groupBy(MODEL);
        AnalyticsQuestion before = base.build();
        Metric<?> other = LATENCY;

        assertThat(base.metrics(other).withDelta().build()).isNotEqualTo(before);
        assertThat(base.build()).isEqualTo(before);
    }

    @Test
    void noTextOfAStatementHoldsAValueOfTheCaller() {
        String hostile = "x' OR 1=1 -- {from:DateTime64(6, 'UTC')}";
        var statement = SqlCompiler.forLayout(Layout.inferenceFact())
                .compile(
                        COUNTS.from(TrafficSource.ALL).where(PROMPT.is(hostile)).build());

        assertThat(statement.sql()).doesNotContain("OR 1=1").contains("prompt_id = {prompt:String}");
        assertThat(statement.toString()).doesNotContain("OR 1=1");
        assertThat(statement.inlined())
                .contains("prompt_id = 'x\\' OR 1=1 -- {from:DateTime64(6, \\'UTC\\')}'")
                .doesNotContain("{to:");
    }
}
