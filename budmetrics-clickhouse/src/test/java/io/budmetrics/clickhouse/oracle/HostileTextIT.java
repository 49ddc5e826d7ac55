package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.Metrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Frequency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that tries to be more than a value is a value. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileTextIT {
    private static final SqlContext COMPILER = SqlContext.of(Layout.inferenceFact());
    private static final Instant FROM = Instant.parse("2026-01-07T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-01-08T00:00:00Z");

    private TrafficTable table;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
        List<OracleRow> rows = new ArrayList<>();
        long serial = 0;
        // the first text once, the second twice, ...
        for (int position = 0; position < texts().size(); position++) {
            for (int copy = 0; copy <= position; copy++) {
                rows.add(OracleRow.at(serial++, "2026-01-07T12:00:00Z").withPrompt(texts().get(position)));
            }
        }
        rows.add(OracleRow.at(serial++, "2026-01-07T12:00:00Z"));
        rows.add(OracleRow.at(serial++, "2026-01-07T12:00:00Z").withPrompt("?"));
        rows.add(OracleRow.at(serial, "2025-01-01T12:00:00Z").withPrompt("out of range"));
        table.hold(rows);
    }

    @AfterAll
    void close() {
        table.close();
    }

    static List<String> texts() {
        List<String> texts = new ArrayList<>(RandomTraffic.PROMPTS);
        texts.addAll(List.of(
                "x' OR '1'='1",
                "x') UNION ALL SELECT 1 --",
                "\\",
                "\\'",
                "'",
                "\\\\0",
                "['a','b']",
                "{p1:Array(String)}",
                "%27",
                "&param_p0=x",
                "p0\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT 1",
                "long ".repeat(3000)));
        return texts;
    }

    private static AnalyticsQuestion counting(String... prompts) {
        return QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .between(FROM, TO)
                .every(Frequency.DAY)
                .traffic(TrafficSource.ALL)
                .where(Dimension.PROMPT.in(prompts))
                .build();
    }

    private static long count(AnalyticsAnswer answer) {
        assertThat(answer.rows()).hasSize(1);
        return answer.rows().get(0).get(Metrics.REQUEST_COUNT).count();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aFilterFindsExactlyItsOwnText(String text) {
        assertThat(count(table.verified(counting(text)))).isEqualTo(texts().indexOf(text) + 1L);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theStatementIsTheSameForEveryText(String text) {
        SqlStatement<AnalyticsAnswer> statement = counting(text).statement(COMPILER);
        assertThat(statement.sql())
                .isEqualTo(counting("harmless").statement(COMPILER).sql());
        assertThat(statement.toString()).isEqualTo(statement.sql());
        if (text.length() > 8) {
            assertThat(statement.sql()).doesNotContain(text);
            assertThat(statement.parameters().toString()).doesNotContain(text);
        }
    }

    @Test
    void allTextsTogetherFindAllOfThem() {
        int n = texts().size();
        assertThat(count(table.verified(counting(texts().toArray(String[]::new)))))
                .isEqualTo(n * (n + 1L) / 2);
    }

    @Test
    void everyTextIsAGroupOfItsOwn() {
        AnalyticsAnswer answer = table.verified(QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .between(FROM, TO)
                .every(Frequency.DAY)
                .traffic(TrafficSource.PROMPT)
                .groupBy(Dimension.PROMPT)
                .build());
        assertThat(answer.rows()).hasSize(texts().size() + 1);
        for (Row row : answer.rows()) {
            String prompt = row.group().get(Dimension.PROMPT).orElseThrow();
            long expected = prompt.equals("?") ? 1 : texts().indexOf(prompt) + 1L;
            assertThat(row.get(Metrics.REQUEST_COUNT).count()).as(prompt).isEqualTo(expected);
        }
    }

    @Test
    void unpairedSurrogate_isRefusedOrMatchesNothing() {
        try {
            assertThat(count(table.ask(counting("\uD800")))).isZero();
        } catch (BudMetricsException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY);
        }
    }

    @Test
    void noIdAndNoTimeOfTheCallerStandsInTheText() {
        UUID id = UUID.fromString("019787c1-3de1-7b50-969b-e0a58514b6a1");
        String sql = QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT, Metrics.CONCURRENT_REQUESTS)
                .between(FROM, TO)
                .every(Frequency.HOUR)
                .where(
                        Dimension.PROJECT.is(id),
                        Dimension.MODEL.in(id, new UUID(1, 2)),
                        Dimension.ENDPOINT.is(id),
                        Dimension.USER_PROJECT.is(id),
                        Dimension.API_KEY.is(id))
                .groupBy(Dimension.PROMPT)
                .top(3)
                .withDelta()
                .build()
                .statement(COMPILER)
                .sql();
        assertThat(sql).doesNotContain("019787c1").doesNotContain("00000000-0000-0001");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void anUnknownMetricIsRefusedByName(String text) {
        assertThatThrownBy(() -> Metrics.named(text))
                .isInstanceOfSatisfying(
                        BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }
}
