package com.example.slowest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.example.slowest.SlowestRequests.Slow;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.question.Facts;
import io.budmetrics.question.Question;
import io.budmetrics.question.SqlContext;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client asks a kind of question that the library does not know, in every way it asks its own. */
@ExtendWith(ClickHouseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SlowestRequestsIT {
    private static final UUID TENANT = new UUID(0, 1);
    private static final UUID FOREIGN = new UUID(0, 2);
    private static final Instant NOON = Instant.parse("2026-01-07T12:00:00Z");
    private static final SlowestRequests QUESTION =
            new SlowestRequests(TimeRange.between(NOON, NOON.plusSeconds(3600)), List.of(), 10);

    private BudMetrics client;
    private BudMetrics scoped;

    @BeforeAll
    void write(TestServer server) {
        TestServer own = server.newDatabase();
        SchemaMigrator.over(own.dataSource()).migrate();
        try (InferenceWriter writer = InferenceWriter.over(own.dataSource())) {
            writer.write(IntStream.range(0, 30)
                    .mapToObj(i -> InferenceRecord.builder()
                            .inferenceId(id(i))
                            .requestArrivalTime(NOON.plusSeconds(i))
                            .projectId(i % 2 == 0 ? TENANT : FOREIGN)
                            .responseTime(Duration.ofMillis(i))
                            .build())
                    .toList());
        }
        client = BudMetrics.over(own.dataSource());
        scoped = client.scopedTo(Dimension.PROJECT.is(TENANT));
    }

    @AfterAll
    void close() {
        client.close();
    }

    private static UUID id(int i) {
        return new UUID(9, i);
    }

    private static List<Slow> slowest(int first, int step, int count) {
        return IntStream.range(0, count)
                .map(i -> first - step * i)
                .mapToObj(i -> new Slow(id(i), Duration.ofMillis(i)))
                .toList();
    }

    @Test
    void execute_unscopedAndScoped_foreignRowsNeverShow() {
        assertThat(client.execute(QUESTION)).isEqualTo(slowest(29, 1, 10));
        assertThat(scoped.execute(QUESTION)).isEqualTo(slowest(28, 2, 10));
        SlowestRequests foreign = new SlowestRequests(QUESTION.range(), List.of(Dimension.PROJECT.is(FOREIGN)), 10);
        assertThat(client.execute(foreign)).isEqualTo(slowest(29, 2, 10));
        assertThat(scoped.execute(foreign)).isEmpty();
    }

    @Test
    void executeAsyncAndAll() {
        assertThat(scoped.executeAsync(QUESTION, ForkJoinPool.commonPool()).join())
                .isEqualTo(slowest(28, 2, 10));
        assertThat(client.executeAll(List.of(QUESTION, QUESTION), ForkJoinPool.commonPool()))
                .containsExactly(slowest(29, 1, 10), slowest(29, 1, 10));
    }

    @Test
    void describeEstimateExplain() {
        assertThat(scoped.describe(QUESTION).columns())
                .containsExactlyInAnyOrder("inference_id", "request_arrival_time", "response_time_us", "project_id");
        assertThat(scoped.describe(QUESTION).maxCells()).hasValue(20);
        assertThat(client.estimate(QUESTION).rows()).isEqualTo(30);
        assertThat(client.explain(QUESTION)).contains("InferenceFact");
    }

    @Test
    void scopedClient_statementNotWrittenWithItsContext_isRejected() {
        Question<List<Slow>> careless = new Question<>() {
            @Override
            public Question<List<Slow>> asOf(Instant moment) {
                return this;
            }

            @Override
            public SqlStatement<List<Slow>> statement(SqlContext context) {
                return QUESTION.statement(SqlContext.of(Layout.inferenceFact()));
            }

            @Override
            public Facts facts(SqlContext context) {
                return QUESTION.facts(SqlContext.of(Layout.inferenceFact()));
            }
        };
        assertThat(client.execute(careless)).hasSize(10);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> scoped.execute(careless), () -> scoped.estimate(careless), () -> scoped.explain(careless))) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(call)
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                    .withMessageContaining("without the scope of this client");
        }
    }
}
