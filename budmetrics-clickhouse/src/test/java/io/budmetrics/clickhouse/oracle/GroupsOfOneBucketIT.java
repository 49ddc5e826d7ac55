package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.filter.Quantity;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The groups of one bucket are counted and chosen in one scan, and are those that several scans find. */
@ExtendWith(ClickHouseExtension.class)
final class GroupsOfOneBucketIT {
    private static final int TABLES = Integer.getInteger("budmetrics.groups.tables", 3);
    private static final int QUESTIONS = 25;
    private static final SqlContext COMPILER = SqlContext.of(Layout.inferenceFact());

    static LongStream seeds() {
        return LongStream.rangeClosed(1, TABLES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theFirstGroups(long seed, TestServer server) {
        int groups = 0;
        int others = 0;
        try (TrafficTable table = TrafficTable.in(server.newDatabase().dataSource())) {
            table.hold(RandomTraffic.table(seed));
            for (int serial = 0; serial < QUESTIONS; serial++) {
                AnalyticsBuilder builder = RandomQuestions.topOfOneBucket(1000 * seed + serial);
                AnalyticsQuestion once = builder.build();
                // nobody adds percentiles up
                List<Metric<?>> more = new ArrayList<>(once.metrics());
                more.add(Metrics.distribution("also", Quantity.LATENCY));
                AnalyticsQuestion twice =
                        builder.metrics(more.toArray(Metric<?>[]::new)).build();
                assertThat((once.facts(COMPILER).scans() - 1)).isZero();
                assertThat((twice.facts(COMPILER).scans() - 1)).isPositive();

                AnalyticsAnswer found = table.verified("seed " + seed + ", question " + serial, once);
                AnalyticsAnswer again = table.ask(twice);

                same(once, found.rows(), again.rows());
                if (once.withTotals()) {
                    same(once, List.of(found.total()), List.of(again.total()));
                }
                groups += found.groups().size();
                others += found.rows().stream().anyMatch(row -> row.group().isOthers()) ? 1 : 0;
            }
        }
        assertThat(groups).isPositive();
        assertThat(others).isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void groupsThatKeepToSomething(long seed, TestServer server) {
        int groups = 0;
        int inOneScan = 0;
        try (TrafficTable table = TrafficTable.in(server.newDatabase().dataSource())) {
            table.hold(RandomTraffic.table(seed));
            for (int serial = 0; serial < QUESTIONS; serial++) {
                AnalyticsBuilder builder = RandomQuestions.havingOfOneBucket(1000 * seed + serial);
                AnalyticsQuestion once = builder.build();
                // with the year before there are two buckets
                AnalyticsQuestion twice = builder.withDelta().build();
                inOneScan += (once.facts(COMPILER).scans() - 1) == 0 ? 1 : 0;
                assertThat((twice.facts(COMPILER).scans() - 1)).isEqualTo(1);

                AnalyticsAnswer found = table.verified("seed " + seed + ", question " + serial, once);

                same(once, found.rows(), table.ask(twice).rows());
                groups += found.groups().size();
            }
        }
        assertThat(groups).isPositive();
        assertThat(inOneScan).isPositive();
    }

    private static void same(AnalyticsQuestion question, List<Row> once, List<Row> twice) {
        assertThat(once).hasSameSizeAs(twice);
        for (int row = 0; row < once.size(); row++) {
            assertThat(once.get(row).group()).isEqualTo(twice.get(row).group());
            for (Metric<?> metric : question.metrics()) {
                assertThat(once.get(row).get(metric))
                        .as(metric.name())
                        .isEqualTo(twice.get(row).get(metric));
            }
        }
    }
}
