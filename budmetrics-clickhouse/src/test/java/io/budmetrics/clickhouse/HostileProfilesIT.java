package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.metric.Metrics;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.time.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the profile of the asking user sets, a question has its answer or an error, and never a part of the answer. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileProfilesIT {
    private static final Instant NOON = Instant.parse("2026-01-07T12:00:00Z");
    private static final int REQUESTS = 500;
    private static final int COUNTRIES = 50;
    private static final List<AnalyticsQuestion> QUESTIONS = List.of(
            QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT, Metrics.LATENCY)
                    .between(NOON, NOON.plus(Duration.ofHours(5)))
                    .every(Frequency.HOUR)
                    .groupBy(Dimension.COUNTRY)
                    .withTotals()
                    .asOf(NOON.plus(Duration.ofDays(1)))
                    .build(),
            QueryBuilder.analytics()
                    .metrics(Metrics.REQUEST_COUNT, Metrics.CONCURRENT_REQUESTS)
                    .between(NOON, NOON.plus(Duration.ofHours(5)))
                    .every(Frequency.HOUR)
                    .groupBy(Dimension.COUNTRY)
                    .top(5)
                    .having(Metrics.REQUEST_COUNT.atLeast(2))
                    .withDelta()
                    .asOf(NOON.plus(Duration.ofDays(1)))
                    .build());

    private TestServer database;
    private List<AnalyticsAnswer> expected = List.of();

    @BeforeAll
    void write(TestServer server) {
        database = server.newDatabase();
        SchemaMigrator.over(database.dataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(database.dataSource())) {
            writer.write(IntStream.range(0, REQUESTS)
                    .mapToObj(i -> InferenceRecord.builder()
                            .inferenceId(new UUID(9, i))
                            .requestArrivalTime(NOON.plusSeconds(36L * i))
                            .countryCode("" + (char) ('A' + i % COUNTRIES / 26) + (char) ('A' + i % COUNTRIES % 26))
                            .responseTime(Duration.ofMillis(i))
                            .build())
                    .toList());
        }
        try (BudMetrics plain = BudMetrics.over(database.dataSource())) {
            expected = QUESTIONS.stream().map(plain::execute).toList();
        }
        assertThat(expected.get(0).groups()).hasSize(COUNTRIES);
    }

    private BudMetrics with(String settings) {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings.split(", ", -1)) {
            String[] parts = setting.split("=", 2);
            map.put(parts[0], parts[1]);
        }
        return BudMetrics.over(database.dataSource(map));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=3",
                "offset=1",
                "use_query_cache=1",
                "use_query_cache=1, query_cache_nondeterministic_function_handling=save",
                "aggregate_functions_null_for_empty=1",
                "empty_result_for_aggregation_by_empty_set=1",
                "force_primary_key=1",
                "force_index_by_date=1",
            })
    void execute_profileThatWouldChangeTheAnswer_sameAnswer(String settings) {
        try (BudMetrics client = with(settings)) {
            for (int round = 0; round < 2; round++) {
                assertThat(QUESTIONS.stream().map(client::execute).toList()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_rows_to_read=10, read_overflow_mode=break",
                "max_rows_to_group_by=10, group_by_overflow_mode=any",
                "max_rows_to_sort=10, sort_overflow_mode=break",
                "max_result_rows=3, result_overflow_mode=break",
            })
    void execute_profileThatWouldCutTheAnswer_wholeAnswerOrAnError(String settings) {
        try (BudMetrics client = with(settings)) {
            for (int i = 0; i < QUESTIONS.size(); i++) {
                AnalyticsQuestion question = QUESTIONS.get(i);
                AnalyticsAnswer answer;
                try {
                    answer = client.execute(question);
                } catch (BudMetricsException refused) {
                    assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
                    continue;
                }
                assertThat(answer).isEqualTo(expected.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read_overflow_mode=break"})
    void execute_limitOfTheClientWithAForgivingProfile_isAnError(String settings) {
        try (BudMetrics client =
                with(settings).withLimits(QueryLimits.defaults().withMaxRowsToRead(10))) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(() -> client.execute(QUESTIONS.get(0)))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED));
        }
    }
}
