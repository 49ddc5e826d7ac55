package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scoped client answers as if there were no other requests. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScopeIT {
    private static final UUID TENANT = RandomTraffic.PROJECTS.get(0);

    private TrafficTable everybody;
    private TrafficTable tenant;

    @BeforeAll
    void fill(TestServer server) {
        List<OracleRow> rows = LongStream.range(1, 7)
                .boxed()
                .flatMap(seed -> RandomTraffic.table(seed).stream())
                .toList();
        everybody = TrafficTable.in(server.newDatabase().dataSource());
        everybody.hold(rows);
        tenant = TrafficTable.in(server.newDatabase().dataSource());
        tenant.hold(rows.stream().filter(row -> TENANT.equals(row.project())).toList());
    }

    @AfterAll
    void close() {
        everybody.close();
        tenant.close();
    }

    static List<Long> seeds() {
        return LongStream.range(0, 25).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAnswerDependsOnAForeignRow(long seed) {
        AnalyticsQuestion question = RandomQuestions.question(seed);
        BudMetrics scoped = everybody.budMetrics().scopedTo(Dimension.PROJECT.in(TENANT));

        // sums of quotients end as their order wants
        assertThat(Difference.between(
                        Translation.answer(question, tenant.ask(question)),
                        Translation.answer(question, scoped.execute(question)),
                        question.withDelta()))
                .as(Translation.json(question))
                .isEmpty();
    }

    @Test
    void scopesNarrow() {
        AnalyticsQuestion question = RandomQuestions.question(1);
        Filter streamed = Dimension.STREAMED.is(true);
        BudMetrics twice =
                everybody.budMetrics().scopedTo(Dimension.PROJECT.in(TENANT)).scopedTo(streamed);
        BudMetrics once =
                everybody.budMetrics().scopedTo(Dimension.PROJECT.in(TENANT).and(streamed));
        BudMetrics nobody = everybody
                .budMetrics()
                .scopedTo(Dimension.PROJECT.in(TENANT))
                .scopedTo(Dimension.PROJECT.in(RandomTraffic.PROJECTS.get(1)));

        assertThat(Translation.json(twice.execute(question))).isEqualTo(Translation.json(once.execute(question)));
        assertThat(nobody.execute(question).rows()).noneMatch(row -> row.hasTraffic());
        assertThat(twice.execute(question).question().filters()).isEqualTo(question.filters());
    }
}
