package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.StoredColumn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a layout reads, compared with what a server has. */
@ExtendWith(ClickHouseExtension.class)
final class LayoutTablesIT {
    private TestServer server;

    @BeforeEach
    void createDatabase(TestServer source) {
        server = source.newDatabase();
        server.execute("CREATE TABLE log (ts DateTime, latency_ms LowCardinality(String), status Nullable(UInt16),"
                + " project String, `tokens in` UInt32) ENGINE = MergeTree ORDER BY ts");
    }

    private LayoutTables tables() {
        return LayoutTables.over(server.dataSource());
    }

    @Test
    void everyDifferenceIsNamedWithColumnExpectedAndFoundType() {
        Layout layout = Layout.table("log")
                .column(
                        InferenceFact.REQUEST_ARRIVAL_TIME,
                        StoredColumn.of("ts").orElse("began"))
                .column(
                        InferenceFact.RESPONSE_TIME_US,
                        StoredColumn.of("latency_ms").times(1000))
                .column(InferenceFact.IS_SUCCESS, StoredColumn.of("status").below(400))
                .column(InferenceFact.PROJECT_ID, "project")
                .column(InferenceFact.INPUT_TOKENS, "tokens in")
                .column(InferenceFact.USER_ID, StoredColumn.of("status").asText())
                .withFinal()
                .build();

        assertThat(tables().verify(layout))
                .extracting(SchemaDifference::toString)
                .containsExactlyInAnyOrder(
                        "log: engine is MergeTree, expected one that can be read with FINAL",
                        "log: column began for request_arrival_time is missing, expected DateTime or DateTime64",
                        "log: column latency_ms for response_time_us is LowCardinality(String), expected a number",
                        "log: column project for project_id is String, expected UUID");
        assertThatThrownBy(() -> tables().require(layout)).isInstanceOfSatisfying(BudMetricsException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(e.reason()).contains("log: column project for project_id is String, expected UUID");
        });
    }

    @Test
    void aLayoutThatFitsPasses() {
        Layout layout = Layout.table(server.database() + ".log")
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .column(InferenceFact.PROJECT_ID, StoredColumn.of("project").asUuid())
                .column(InferenceFact.STATUS_CODE, "status")
                .build();

        tables().require(layout);
        assertThat(tables().verify(layout)).isEmpty();
    }

    @Test
    void aMissingTableIsNamed() {
        assertThat(tables().verify(Layout.tensorzero()))
                .extracting(SchemaDifference::toString)
                .containsExactly(
                        "ModelInferenceDetails: table is missing, expected a table or view that the user may read",
                        "ModelInference: table is missing, expected a table or view that the user may read");
    }

    @Test
    void tensorZerosTablesAreCreatedOnRequestAndLeftAloneWhereTheyAre() {
        tables().createTensorZero();
        server.execute("INSERT INTO ModelInferenceDetails (inference_id) VALUES (generateUUIDv4())");
        tables().createTensorZero();

        assertThat(tables().verify(Layout.tensorzero())).isEmpty();
    }

    @Test
    void aCollectorsTableIsCreatedOnRequestAndLeftAloneWhereItIs() {
        assertThat(tables().createOtelInferenceFact()).hasSize(1);
        server.execute("INSERT INTO InferenceFact (trace_id) VALUES ('a')");
        assertThat(tables().createOtelInferenceFact()).isEmpty();

        assertThat(tables().verify(Layout.otelInferenceFact())).isEmpty();
    }

    @Test
    void theLibrarysOwnTableIsComparedElsewhere() {
        assertThatThrownBy(() -> tables().verify(Layout.inferenceFact()))
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("SchemaMigrator.verify()");
    }

    @Test
    void anOwnTableIsNotTakenForThatOfACollector() {
        SchemaMigrator.over(server.dataSource()).migrate();

        assertThat(tables().verify(Layout.otelInferenceFact()))
                .extracting(SchemaDifference::toString)
                .contains(
                        "InferenceFact: column timestamp for request_arrival_time is missing, expected DateTime or DateTime64");
        assertThatThrownBy(() -> tables().createOtelInferenceFact())
                .isInstanceOfSatisfying(BudMetricsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
                    assertThat(e.reason())
                            .contains("such as this library's own")
                            .contains("a separate database");
                });
    }
}
