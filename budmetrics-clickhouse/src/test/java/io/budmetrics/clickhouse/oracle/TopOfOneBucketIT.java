package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.AnalyticsBuilder;
import io.budmetrics.clickhouse.fixture.ClickHouseExtension;
import io.budmetrics.clickhouse.fixture.TestServer;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.query.AnalyticsQuestion;
import io.budmetrics.query.Quantity;
import io.budmetrics.result.AnalyticsAnswer;
import io.budmetrics.result.Row;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlCompiler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first groups of one bucket are counted in one scan, and are those that two scans find. */
@ExtendWith(ClickHouseExtension.class)
final class TopOfOneBucketIT {
    private static final int QUESTIONS = 25;
    private static final SqlCompiler COMPILER = SqlCompiler.forLayout(Layout.inferenceFact());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11})
    void oneScanFindsWhatTwoDo(long seed, TestServer server) {
        int groups = 0;
        int others = 0;
        try (TrafficTable table = TrafficTable.in(server.newDatabase().dataSource())) {
            table.hold(RandomTraffic.table(seed));
            for (int serial = 0; serial < QUESTIONS; serial++) {
                AnalyticsBuilder builder = RandomQuestions.topOfOneBucket(1000 * seed + serial);
                AnalyticsQuestion once = builder.build();
                // nobody adds percentiles up
                List<Metric<?>> more = new ArrayList<>(once.metrics());
                more.add(Metrics.distribution("also", Quantity.RESPONSE_TIME));
                AnalyticsQuestion twice =
                        builder.metrics(more.toArray(Metric<?>[]::new)).build();
                assertThat(scans(once)).isEqualTo(1);
                assertThat(scans(twice)).isGreaterThan(1);

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

    private static int scans(AnalyticsQuestion question) {
        return COMPILER.compile(question).sql().split("FROM InferenceFact", -1).length - 1;
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
