package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.clickhouse.fixture.CapturedLog;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

final class StatementSummaryTest {
    private static final StatementStats STATS = new StatementStats(
            "id",
            new StatementStats.Times(
                    Duration.ofNanos(31), Duration.ofMillis(20), Duration.ofMillis(2), Duration.ofMillis(1)),
            1,
            2,
            3,
            Map.of());

    private static void fail(StatementSummary summary, ErrorCode code) {
        summary.failed(BudMetricsException.of(code, "SECRET"), Duration.ofMillis(1), Map.of());
    }

    @Test
    void summary_listsEachStageAndEachErrorCode() {
        StatementSummary summary = StatementSummary.loggedEvery(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            summary.succeeded(STATS);
        }
        fail(summary, ErrorCode.QUERY_TIMEOUT);
        fail(summary, ErrorCode.QUERY_TIMEOUT);
        fail(summary, ErrorCode.ACCESS_DENIED);
        assertThat(summary.toString())
                .startsWith("statements: build count 3, mean 0.000, ")
                .contains(
                        "; waiting count 3, mean 20.000, p50 20.",
                        "; transfer count 3, mean 2.000, p50 2.0",
                        "; map count 3, mean 1.000, p50 1.0",
                        "; total count 3, mean 23.000, p50 23.")
                .endsWith("; QUERY_TIMEOUT 2; ACCESS_DENIED 1");
    }

    @Test
    void isLoggedOnceInAnIntervalAndBeginsAnew() throws InterruptedException {
        try (CapturedLog log = CapturedLog.of(StatementSummary.class, Level.INFO)) {
            StatementSummary summary = StatementSummary.loggedEvery(Duration.ofHours(1));
            summary.succeeded(STATS);
            assertThat(log.ownLines()).isEmpty();
            StatementSummary soon = StatementSummary.loggedEvery(Duration.ofMillis(1));
            Thread.sleep(2);
            soon.succeeded(STATS);
            assertThat(log.ownLines()).singleElement().asString().contains("INFO", "total count 1, mean 23.000");
            assertThat(soon.toString()).contains("total count 0");
            Thread.sleep(2);
            fail(soon, ErrorCode.QUERY_TIMEOUT);
            assertThat(log.ownLines()).hasSize(2);
            assertThat(log.ownLines().get(1)).contains("total count 0", "QUERY_TIMEOUT 1");
        }
    }

    @Test
    void invalidInterval_isRefused() {
        for (Duration interval : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), Duration.ofHours(25)}) {
            assertThat(catchThrowableOfType(BudMetricsException.class, () -> StatementSummary.loggedEvery(interval)))
                    .hasMessageContaining("; give more than 0 and at most a day");
        }
    }
}
