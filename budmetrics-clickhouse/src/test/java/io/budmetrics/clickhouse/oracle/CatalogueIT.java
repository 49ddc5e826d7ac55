package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Apdex;
import io.budmetrics.metric.Attainment;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.Confidence.Interval;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Derived;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metric.Additivity;
import io.budmetrics.metric.MetricValue.Absence;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.MlPerf;
import io.budmetrics.metric.Rate;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.metric.Share;
import io.budmetrics.metric.TokenTotal;
import io.budmetrics.metric.UniqueUsers;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the metrics of the catalogue say, with numbers that were worked out by hand, and what holds of all of them. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CatalogueIT {
    private static final ServiceLevel CHAT = ServiceLevel.builder()
            .named("chat")
            .ttft(Duration.ofMillis(500))
            .tpot(Duration.ofMillis(50))
            .build();

    private DataSource dataSource;
    private TrafficTable table;
    private long serial;

    @BeforeAll
    void createTable(TestServer server) {
        dataSource = server.newDatabase().dataSource();
        table = TrafficTable.in(dataSource);
    }

    @AfterAll
    void close() {
        table.close();
    }

    private OracleRow at(String time) {
        return OracleRow.at(serial++, "2026-01-07T" + time + "Z");
    }

    /** A streamed request. */
    private OracleRow streamed(long ttftMillis, long latencyMillis, long outputTokens) {
        return at("10:00:00")
                .withFlags(true, null, true)
                .withTokens(10L, outputTokens)
                .withTimes(latencyMillis * 1000, ttftMillis * 1000);
    }

    private static AnalyticsBuilder hours(String from, String to, Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(Instant.parse("2026-01-07T" + from + "Z"), Instant.parse("2026-01-07T" + to + "Z"))
                .every(Frequency.HOUR);
    }

    private Row hour(Metric<?>... metrics) {
        return table.verified(hours("10:00:00", "11:00:00", metrics).build())
                .rows()
                .get(0);
    }

    // custom metrics

    @Test
    void aRatioOfMeansRanksAndHoldsGroupsByWhatItSays() {
        table.hold(List.of(
                streamed(100, 1000, 5).withModel(new UUID(0, 1)),
                streamed(300, 1000, 5).withModel(new UUID(0, 1)),
                streamed(900, 1000, 5).withModel(new UUID(0, 2)),
                streamed(500, 1000, 5).withModel(new UUID(0, 3)),
                at("10:00:00").withTimes(1000L, null).withModel(new UUID(0, 4))));
        DerivedMetric<Distribution, Distribution> waiting = Metrics.ratio("waiting", Metrics.TTFT, Metrics.LATENCY);
        AnalyticsAnswer answer = table.verified(hours("10:00:00", "11:00:00", waiting, Metrics.LATENCY)
                .groupBy(Dimension.MODEL)
                .top(2)
                .having(waiting.below(0.9))
                .build());

        assertThat(answer.groups().stream().map(group -> group.get(Dimension.MODEL)))
                .containsExactly(Optional.of(new UUID(0, 3)), Optional.of(new UUID(0, 1)));
        Derived<Distribution, Distribution> value = answer.rows().get(0).get(waiting);
        assertThat(value.value()).hasValue(0.5);
        assertThat(value.left().mean()).hasValue(500);
        assertThat(value.decimal()).isEmpty();
    }

    @Test
    void customMetricOfMoney_isExact() {
        table.hold(List.of(
                at("10:00:00").withTokens(null, 3L).withCost(new BigDecimal("0.000000000001")),
                at("10:00:01").withTokens(null, 4L).withCost(new BigDecimal("0.000000000001"))));
        DerivedMetric<Cost, TokenTotal> perMillion =
                Metrics.ratio("per_million", Metrics.COST, Metrics.OUTPUT_TOKENS, 1_000_000);

        assertThat(hour(perMillion).get(perMillion).decimal()).contains(new BigDecimal("0.000000285714"));
    }

    @Test
    void customMetricsOfAScopedClient_staysWithinTheScope() {
        table.hold(List.of(
                at("10:00:00").withModel(new UUID(0, 1)).withUser("a"),
                at("10:00:00").withModel(new UUID(0, 2)).withUser("a"),
                at("10:00:00").withModel(new UUID(0, 1)).withUser("it's")));
        Metric<Share> ofA = Metrics.requestsWhere("of_a", Dimension.USER.in("a", "\\"));
        Share share = table.budMetrics()
                .scopedTo(Dimension.MODEL.is(new UUID(0, 1)))
                .execute(hours("10:00:00", "11:00:00", ofA).build())
                .rows()
                .get(0)
                .get(ofA);

        assertThat(share).isEqualTo(Share.of(1, 2, 2));
    }

    @Test
    void aClassBeginsWithItsEdge() {
        table.hold(List.of(
                at("10:00:00").withTimes(499_999L, null),
                at("10:00:00").withTimes(500_000L, null),
                at("10:00:00").withTimes(-1L, null),
                at("10:00:00").withTimes(2_000_000L, null)));
        Dimension<String> speed = Dimension.latencyClass(Duration.ofMillis(500), Duration.ofSeconds(2));
        AnalyticsAnswer answer = table.verified(hours("10:00:00", "11:00:00", Metrics.REQUEST_COUNT)
                .groupBy(speed)
                .build());

        assertThat(answer.groups().stream().map(group -> group.get(speed)))
                .containsExactly(Optional.of("<500ms"), Optional.of("500ms-2s"), Optional.of(">=2s"), Optional.empty());
    }

    @Test
    void anIntervalLiesBetweenTwoRanks() {
        List<OracleRow> rows = new ArrayList<>();
        for (long i = 1; i <= 1000; i++) {
            rows.add(at("10:00:00").withTimes(1000 * i, null));
        }
        table.hold(rows);
        DistributionMetric metric =
                Metrics.LATENCY.withPercentiles(0.5, 0.95, 0.999).withIntervals(Confidence.NINETY_FIVE_PERCENT);
        Distribution latency = hour(metric).get(metric);

        assertThat(latency.interval(0.5)).contains(new Interval(469, 532));
        assertThat(latency.interval(0.95)).contains(new Interval(936, 965));
        assertThat(latency.interval(0.999)).isEmpty();
    }

    // traffic

    @Test
    void aRateIsPerCoveredSecond() {
        table.hold(List.of(
                at("10:45:00").withTokens(null, 90L),
                at("10:50:00").withTokens(null, 30L),
                at("11:10:00").withTokens(null, 60L)));
        AnalyticsAnswer answer =
                table.verified(hours("10:30:00", "11:30:00", Metrics.REQUEST_RATE, Metrics.SYSTEM_THROUGHPUT)
                        .build());
        assertThat(answer.rows().get(0).get(Metrics.REQUEST_RATE).perSecond()).hasValue(2 / 1800.0);
        assertThat(answer.rows().get(1).get(Metrics.REQUEST_RATE).perSecond()).hasValue(1 / 1800.0);
        assertThat(answer.rows().get(0).get(Metrics.SYSTEM_THROUGHPUT).perSecond())
                .hasValue(120 / 1800.0);
    }

    @Test
    void aRateOfNothingIsZeroAndOfTokensNobodyCountedAbsent() {
        table.hold(List.of(at("10:30:00")));
        AnalyticsAnswer answer =
                table.verified(hours("10:00:00", "12:00:00", Metrics.REQUEST_RATE, Metrics.SYSTEM_THROUGHPUT)
                        .build());
        assertThat(answer.rows().get(0).get(Metrics.SYSTEM_THROUGHPUT).absence())
                .hasValue(Absence.NOT_MEASURED);
        assertThat(answer.rows().get(1).get(Metrics.SYSTEM_THROUGHPUT).perSecond())
                .hasValue(0);
        assertThat(answer.rows().get(1).get(Metrics.REQUEST_RATE).perSecond()).hasValue(0);
    }

    @Test
    void usersAreCountedOnce() {
        table.hold(List.of(
                at("10:00:00").withUser("a"),
                at("10:00:01").withUser("b"),
                at("10:00:02").withUser("a"),
                at("10:00:03")));
        UniqueUsers exact = hour(Metrics.UNIQUE_USERS).get(Metrics.UNIQUE_USERS);
        assertThat(exact.count()).hasValue(2);
        assertThat(exact.sampleSize()).isEqualTo(3);
        assertThat(exact.relativeError()).isEmpty();
        UniqueUsers estimate = hour(Metrics.UNIQUE_USERS_ESTIMATED).get(Metrics.UNIQUE_USERS_ESTIMATED);
        assertThat(estimate.count()).hasValue(2);
        assertThat(estimate.relativeError()).hasValue(0.01);
    }

    @Test
    void blockedRequestsAreOverThoseWhereItIsKnown() {
        table.hold(List.of(
                at("10:00:00").withBlocked(true),
                at("10:00:01").withBlocked(false),
                at("10:00:02").withBlocked(false),
                at("10:00:03")));
        Row row = hour(Metrics.BLOCKED_REQUESTS);
        assertThat(row.get(Metrics.BLOCKED_REQUESTS).count()).hasValue(1);
        assertThat(row.get(Metrics.BLOCKED_REQUESTS).ratio()).hasValue(1 / 3.0);
    }

    @Test
    void anEstimateOfUsersKeepsItsStatedError() throws SQLException {
        List<String> measured = new ArrayList<>();
        double worst = 0;
        for (int users : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
            double squares = 0;
            double greatest = 0;
            for (int seed = 0; seed < 20; seed++) {
                double error = (estimate(users, seed) - users) / users;
                squares += error * error;
                greatest = Math.max(greatest, Math.abs(error));
            }
            measured.add("%d users: standard %.5f, greatest %.5f".formatted(users, Math.sqrt(squares / 20), greatest));
            worst = Math.max(worst, greatest);
        }
        assertThat(worst).as(String.join("; ", measured)).isPositive().isLessThan(0.01);
    }

    private double estimate(int users, int seed) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT uniqCombined64(concat('user-', toString(number + "
                        + seed + " * 10000000))) FROM numbers(" + users + ")")) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }

    // latency

    @Test
    void timePerOutputTokenLeavesTheFirstTokenOut() {
        table.hold(List.of(
                streamed(200, 1200, 11), // 100 ms a token
                streamed(100, 400, 2), // 300 ms a token
                streamed(100, 400, 1), // no second token
                streamed(100, 400, 0),
                streamed(100, 100, 5), // all at once: 0 ms a token
                streamed(400, 100, 5), // the first token after the last
                streamed(100, 500, 5).withFlags(true, null, false)));
        Row row = hour(Metrics.TPOT.withPercentiles(0.5), Metrics.OUTPUT_SPEED);
        Distribution tpot = row.get(Metrics.TPOT.withPercentiles(0.5));
        assertThat(tpot.sampleSize()).isEqualTo(3);
        assertThat(tpot.mean().orElseThrow()).isCloseTo(400 / 3.0, within(1e-10));
        assertThat(tpot.min()).hasValue(0);
        assertThat(tpot.percentile(0.5)).hasValue(100);
        // ten tokens in a second and one in 300 ms; all at once has no speed
        assertThat(row.get(Metrics.OUTPUT_SPEED).sampleSize()).isEqualTo(2);
        assertThat(row.get(Metrics.OUTPUT_SPEED).mean().orElseThrow()).isCloseTo((10 + 1 / 0.3) / 2, within(1e-11));
        assertThat(row.get(Metrics.OUTPUT_SPEED).max()).hasValue(10);
    }

    // volume

    @Test
    void totalTokens_usesTheOneKnownCount() {
        table.hold(List.of(at("10:00:00").withTokens(10L, null), at("10:00:01").withTokens(5L, 7L), at("10:00:02")));
        Row row = hour(Metrics.TOTAL_TOKENS);
        assertThat(row.get(Metrics.TOTAL_TOKENS).total()).hasValue(22);
        assertThat(row.get(Metrics.TOTAL_TOKENS).sampleSize()).isEqualTo(2);
    }

    @Test
    void systemAndGenerationThroughputAreTwoThings() {
        table.hold(List.of(
                at("10:00:00").withTokens(1L, 1800L).withTimes(20_000_000L, null),
                at("10:00:00").withTokens(1L, 1800L).withTimes(20_000_000L, null)));
        Row row = hour(Metrics.THROUGHPUT, Metrics.SYSTEM_THROUGHPUT);
        assertThat(row.get(Metrics.THROUGHPUT).perSecond()).hasValue(90);
        assertThat(row.get(Metrics.SYSTEM_THROUGHPUT).perSecond()).hasValue(1);
    }

    // concurrency

    @Test
    void averageConcurrencyCountsWhatRanOnFromBefore() {
        table.hold(List.of(
                at("09:50:00").withTimes(1_200_000_000L, null), // ten minutes of each hour
                at("10:30:00").withTimes(600_000_000L, null),
                at("10:59:59").withTimes(600_000_000L, null)));
        AnalyticsAnswer answer =
                table.verified(hours("10:00:00", "11:30:00", Metrics.AVERAGE_CONCURRENCY, Metrics.CONCURRENT_REQUESTS)
                        .build());
        assertThat(answer.rows().get(0).get(Metrics.AVERAGE_CONCURRENCY).average())
                .hasValue(1201 / 3600.0);
        // half an hour is covered
        assertThat(answer.rows().get(1).get(Metrics.AVERAGE_CONCURRENCY).average())
                .hasValue(599 / 1800.0);
    }

    @Test
    void averageConcurrency_followsLittlesLaw() {
        List<OracleRow> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String time = String.format("10:%02d:%02d.%06d", i % 50, (i * 7) % 60, (i * 7919) % 1_000_000);
            rows.add(at(time).withTimes(1_000L + (i * 104_729L) % 60_000_000L, null));
        }
        table.hold(rows);
        Row row = hour(Metrics.AVERAGE_CONCURRENCY, Metrics.REQUEST_RATE, Metrics.LATENCY);
        double littlesLaw = row.get(Metrics.REQUEST_RATE).perSecond().orElseThrow()
                * row.get(Metrics.LATENCY).mean().orElseThrow()
                / 1000;
        assertThat(row.get(Metrics.AVERAGE_CONCURRENCY).average().orElseThrow())
                .isCloseTo(littlesLaw, within(1e-12 * littlesLaw));
    }

    // service level

    @Test
    void aGoodRequestKeepsEveryLimit() {
        table.hold(List.of(
                streamed(500, 1000, 11), // 50 ms a token: both limits exactly
                streamed(501, 1000, 11),
                streamed(400, 1000, 11), // 60 ms a token
                streamed(400, 9000, 1), // one token: nothing between tokens
                streamed(400, 500, 11).withFlags(false, null, true), // failed
                streamed(400, 500, 11).withFlags(null, null, true), // outcome unknown
                streamed(400, 500, 11).withBlocked(true),
                streamed(400, 500, 11).withFlags(true, null, false), // not streamed
                at("10:00:00").withTimes(1_000_000L, 400_000L), // tokens unknown, nothing missed
                at("10:00:00").withTimes(1_000_000L, 600_000L), // tokens unknown, first token too late
                at("10:00:00").withFlags(false, null, null))); // failed before it was measured
        Row row = hour(Metrics.goodput(CHAT), Metrics.sloAttainment(CHAT));
        Attainment attainment = row.get(Metrics.sloAttainment(CHAT));
        assertThat(attainment.good()).hasValue(3);
        assertThat(attainment.bad()).hasValue(5);
        assertThat(attainment.ratio()).hasValue(3 / 8.0);
        Rate goodput = row.get(Metrics.goodput(CHAT));
        assertThat(goodput.perSecond()).hasValue(3 / 3600.0);
    }

    @Test
    void successCanBeDemandedAndThenMustBeKnown() {
        ServiceLevel answered = ServiceLevel.builder().success().build();
        table.hold(List.of(
                at("10:00:00").withFlags(true, null, null),
                at("10:00:01").withFlags(false, null, null),
                at("10:00:02")));
        Metric<Attainment> attainment = Metrics.sloAttainment(answered);
        assertThat(attainment.name()).isEqualTo("slo_attainment_success");
        assertThat(hour(attainment).get(attainment).ratio()).hasValue(0.5);
    }

    @Test
    void errorBudgetAndBurnRateAreTwoLines() {
        List<OracleRow> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(streamed(i < 5 ? 600 : 100, 700, 1));
        }
        table.hold(rows);
        Metric<Attainment> metric = Metrics.sloAttainment(CHAT);
        Attainment attainment = hour(metric).get(metric);
        double budget = (1 - 0.999) * attainment.sampleSize();
        double burnRate = attainment.bad().getAsLong() / budget;
        assertThat(burnRate).isCloseTo(5, within(1e-9));
    }

    @Test
    void apdexHalvesWhatIsTolerated() {
        table.hold(List.of(
                streamed(500, 900, 5),
                streamed(501, 900, 5),
                streamed(2000, 2500, 5),
                streamed(2001, 2500, 5),
                streamed(100, 900, 5).withFlags(false, null, true),
                streamed(100, 900, 5).withBlocked(true),
                streamed(100, 900, 5).withFlags(true, null, false),
                at("10:00:00")));
        Metric<Apdex> metric = Metrics.apdex(Metrics.TTFT, Duration.ofMillis(500));
        Apdex apdex = hour(metric).get(metric);
        assertThat(apdex.satisfied()).hasValue(1);
        assertThat(apdex.tolerating()).hasValue(2);
        assertThat(apdex.frustrated()).hasValue(2);
        assertThat(apdex.score()).hasValue(0.4);
    }

    // cost and cache

    @Test
    void costsAreRatiosOfSumsOverTheRequestsThatHaveAPrice() {
        table.hold(List.of(
                at("10:00:00")
                        .withCost(new BigDecimal("0.01"))
                        .withTokens(100L, 200L)
                        .withFlags(true, null, null),
                at("10:00:01")
                        .withCost(new BigDecimal("0.02"))
                        .withTokens(3L, null)
                        .withFlags(false, null, null),
                at("10:00:02").withCost(new BigDecimal("0.07")),
                at("10:00:03").withTokens(1_000_000L, 1L).withFlags(true, null, null)));
        Row row = hour(
                Metrics.COST_PER_REQUEST,
                Metrics.COST_PER_SUCCESS,
                Metrics.COST_PER_1000_TOKENS,
                Metrics.COST_PER_MILLION_TOKENS);
        assertThat(row.get(Metrics.COST_PER_REQUEST).value()).hasValue(new BigDecimal("0.033333333333"));
        assertThat(row.get(Metrics.COST_PER_REQUEST).coverage()).hasValue(0.75);
        assertThat(row.get(Metrics.COST_PER_SUCCESS).value()).hasValue(new BigDecimal("0.030000000000"));
        assertThat(row.get(Metrics.COST_PER_SUCCESS).coverage()).hasValue(0.5);
        // 0.03 for 303 tokens
        assertThat(row.get(Metrics.COST_PER_1000_TOKENS).value()).hasValue(new BigDecimal("0.099009900990"));
        assertThat(row.get(Metrics.COST_PER_MILLION_TOKENS).value()).hasValue(new BigDecimal("99.009900990099"));
    }

    @Test
    void theCacheSavesWhatMissesTakeLongerThanHits() {
        table.hold(List.of(
                at("10:00:00").withFlags(true, true, null).withTimes(10_000L, null),
                at("10:00:01").withFlags(true, true, null).withTimes(30_000L, null),
                at("10:00:02").withFlags(true, true, null), // not measured
                at("10:00:03").withFlags(true, false, null).withTimes(1_000_000L, null),
                at("10:00:04").withFlags(true, false, null).withTimes(2_000_000L, null),
                at("10:00:05").withTimes(9_000_000L, null)));
        assertThat(hour(Metrics.CACHE_LATENCY_SAVED)
                        .get(Metrics.CACHE_LATENCY_SAVED)
                        .headline())
                .hasValue(2 * 1500 - 40);
    }

    @Test
    void providersCountCachedTokensInOneOfTwoWays() {
        table.hold(List.of(
                at("10:00:00").withTokens(1000L, null).withOtherTokens(600L, 100L, null),
                at("10:00:01").withTokens(200L, null).withOtherTokens(800L, null, null),
                at("10:00:02").withTokens(500L, null)));
        Row row = hour(Metrics.PROMPT_CACHE, Metrics.PROMPT_CACHE_EXCLUDED);
        // the second request cannot have read more than it has
        assertThat(row.get(Metrics.PROMPT_CACHE).ratio()).hasValue(0.6);
        assertThat(row.get(Metrics.PROMPT_CACHE).sampleSize()).isEqualTo(1);
        assertThat(row.get(Metrics.PROMPT_CACHE_EXCLUDED).ratio()).hasValue(1400 / 2700.0);
    }

    // honesty

    @Test
    void aNumberOverTooFewRequestsIsWithheld() {
        table.hold(List.of(
                at("10:00:00").withTimes(1_000_000L, null).withFlags(true, null, null),
                at("10:00:01").withTimes(2_000_000L, null).withFlags(false, null, null),
                at("11:00:00").withTimes(1_000_000L, null).withFlags(true, null, null)));
        Metric<Attainment> attainment =
                Metrics.sloAttainment(ServiceLevel.builder().success().build()).withMinimumSample(2);
        DistributionMetric latency = Metrics.LATENCY.withPercentiles(0.5).withMinimumSample(2);
        Metric<Share> success = Metrics.SUCCESSFUL_REQUESTS.withMinimumSample(2);
        AnalyticsAnswer answer = table.verified(
                hours("10:00:00", "12:00:00", latency, success, attainment).build());
        Row enough = answer.rows().get(0);
        assertThat(enough.get(latency).percentile(0.5)).hasValue(1500);
        assertThat(enough.get(success).ratio()).hasValue(0.5);
        assertThat(enough.get(success)
                        .interval(Confidence.NINETY_FIVE_PERCENT)
                        .orElseThrow()
                        .low())
                .isCloseTo(0.0945, within(1e-4));
        Row tooFew = answer.rows().get(1);
        assertThat(tooFew.get(latency).absence()).hasValue(Absence.TOO_FEW);
        assertThat(tooFew.get(latency).percentile(0.5)).isEmpty();
        assertThat(tooFew.get(latency).sampleSize()).isEqualTo(1);
        assertThat(tooFew.get(success).ratio()).isEmpty();
        assertThat(tooFew.get(success).count()).hasValue(1);
        assertThat(tooFew.get(attainment).absence()).hasValue(Absence.TOO_FEW);
    }

    // what holds of every metric

    private static List<Metric<?>> everything() {
        List<Metric<?>> metrics = new ArrayList<>(Metrics.all());
        metrics.add(Metrics.goodput(CHAT));
        metrics.add(Metrics.sloAttainment(CHAT));
        metrics.add(Metrics.sloAttainment(MlPerf.DEEPSEEK_R1_INTERACTIVE));
        metrics.add(Metrics.apdex(Metrics.LATENCY, Duration.ofSeconds(2)));
        metrics.add(Metrics.apdex(Metrics.TPOT, Duration.ofMillis(40)));
        return metrics;
    }

    private static AnalyticsQuestion ofRandomTraffic(Metric<?>... metrics) {
        return QueryBuilder.analytics()
                .metrics(metrics)
                .between(
                        RandomTraffic.CENTRE.minus(Duration.ofDays(40)).plusMillis(1),
                        RandomTraffic.CENTRE.plus(Duration.ofDays(35)))
                .every(Frequency.WEEK)
                .groupBy(Dimension.MODEL)
                .withDelta()
                .withDetails()
                .build();
    }

    @Test
    void askingForAMetricBesideAnotherChangesNeither() {
        for (long seed = 11; seed < 14; seed++) {
            table.hold(RandomTraffic.table(seed));
            AnalyticsQuestion together = ofRandomTraffic(everything().toArray(Metric<?>[]::new));
            OracleAnswer all = Translation.answer(together, table.ask(together));
            for (Metric<?> metric : everything()) {
                AnalyticsQuestion alone = ofRandomTraffic(metric);
                List<Line> lines = all.lines().stream()
                        .map(line -> new Line(line.period(), line.group(), line.traffic(), only(line, metric)))
                        .toList();
                assertThat(Difference.between(
                                Translation.answer(alone, table.ask(alone)),
                                new OracleAnswer(all.groups(), lines, List.of(), null),
                                true))
                        .as("seed %d, %s", seed, metric)
                        .isEmpty();
            }
        }
    }

    private static Map<String, Cell> only(Line line, Metric<?> metric) {
        return Map.of(metric.name(), Objects.requireNonNull(line.cells().get(metric.name())));
    }

    @Test
    void everyValueSurvivesItsJson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<Metric<?>> metrics = new ArrayList<>(everything());
        metrics.set(metrics.indexOf(Metrics.UNIQUE_USERS), Metrics.UNIQUE_USERS_ESTIMATED);
        for (Metric<?> metric : List.of(Metrics.LATENCY, Metrics.SUCCESSFUL_REQUESTS, Metrics.sloAttainment(CHAT))) {
            metrics.set(metrics.indexOf(metric), metric.withMinimumSample(5));
        }
        for (long seed = 21; seed < 24; seed++) {
            table.hold(RandomTraffic.table(seed));
            AnalyticsAnswer answer = table.ask(ofRandomTraffic(metrics.toArray(Metric<?>[]::new)));
            assertThat(mapper.readValue(mapper.writeValueAsString(answer), AnalyticsAnswer.class))
                    .isEqualTo(answer);
        }
    }

    @Test
    void additiveMetricsAddUp() {
        List<Metric<?>> additive = everything().stream()
                .filter(metric -> metric.additivity() == Additivity.BUCKETS_AND_GROUPS)
                .toList();
        table.hold(RandomTraffic.table(31));
        AnalyticsQuestion fine = ofRandomTraffic(additive.toArray(Metric<?>[]::new));
        AnalyticsQuestion coarse = QueryBuilder.analytics()
                .metrics(additive.toArray(Metric<?>[]::new))
                .between(fine.range().from(), fine.range().to().orElseThrow())
                .every(Frequency.every(9, Frequency.Unit.YEAR))
                .build();
        Row total = table.ask(coarse).rows().get(0);
        AnalyticsAnswer parts = table.ask(fine);
        for (Metric<?> metric : additive) {
            double sum = parts.rows().stream()
                    .mapToDouble(row -> row.get(metric).headline().orElse(0))
                    .sum();
            double whole = total.get(metric).headline().orElse(0);
            assertThat(sum).as(metric.name()).isCloseTo(whole, within(1e-9 * Math.abs(whole)));
        }
    }
}
