package io.budmetrics.clickhouse.oracle;

import static io.budmetrics.metric.Metrics.COST;
import static io.budmetrics.metric.Metrics.REQUEST_COUNT;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A filter and its opposite are all requests, whatever is missing. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ComplementIT {
    private TrafficTable table;
    private long count;
    private BigDecimal cost = BigDecimal.ZERO;

    @BeforeAll
    void createTable(TestServer server) {
        table = TrafficTable.in(server.newDatabase().dataSource());
        table.hold(LongStream.range(1, 6)
                .boxed()
                .flatMap(seed -> RandomTraffic.table(seed).stream())
                .toList());
        AnalyticsAnswer all = ask();
        count = count(all);
        cost = cost(all);
        assertThat(count).isPositive();
    }

    @AfterAll
    void close() {
        table.close();
    }

    static List<Long> seeds() {
        return LongStream.range(0, 80).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFilterAndItsOppositeAreEverything(long seed) {
        Filter filter = RandomQuestions.filter(seed);
        // so that it may contradict itself
        Filter held = filter.or(filter);

        AnalyticsAnswer with = ask(held);
        AnalyticsAnswer without = ask(held.not());

        assertThat(count(with) + count(without)).as(filter.toString()).isEqualTo(count);
        assertThat(cost(with).add(cost(without))).as(filter.toString()).isEqualByComparingTo(cost);
    }

    private AnalyticsAnswer ask(Filter... filters) {
        AnalyticsQuestion question = QueryBuilder.analytics()
                .metrics(REQUEST_COUNT, COST)
                .between(
                        RandomTraffic.CENTRE.minus(Duration.ofDays(800)),
                        RandomTraffic.CENTRE.plus(Duration.ofDays(800)))
                .every(Frequency.YEAR)
                .traffic(TrafficSource.ALL)
                .where(filters)
                .build();
        return table.ask(question);
    }

    private static long count(AnalyticsAnswer answer) {
        return answer.rows().stream()
                .mapToLong(row -> row.get(REQUEST_COUNT).count())
                .sum();
    }

    private static BigDecimal cost(AnalyticsAnswer answer) {
        return answer.rows().stream()
                .map(row -> row.get(COST).total().orElse(BigDecimal.ZERO))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
