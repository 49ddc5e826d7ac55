package io.budmetrics.clickhouse.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.budmetrics.clickhouse.oracle.Ask.AskedMetric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The oracle against numbers that were worked out by hand. */
final class OracleTest {
    private static Ask ask(String metric, String from, String to, String unit, int interval) {
        return ask(metric, from, to, unit, interval, "UTC");
    }

    private static Ask ask(String metric, String from, String to, String unit, int interval, String zone) {
        return new Ask(
                List.of(new AskedMetric(metric, List.of())),
                Instant.parse(from),
                Instant.parse(to),
                unit,
                interval,
                zone,
                "MONDAY",
                List.of(),
                List.of(),
                0,
                null,
                false,
                List.of(),
                true,
                false,
                "",
                true,
                "INFERENCE",
                3_600_000_000L);
    }

    private static List<Object> values(OracleAnswer answer, String field) {
        List<Object> values = new ArrayList<>();
        for (OracleAnswer.Line line : answer.lines()) {
            for (OracleAnswer.Cell cell : line.cells().values()) {
                values.add(String.valueOf(cell.fields().get(field)));
            }
        }
        return values;
    }

    @Test
    void percentilesAreLinearBetweenClosestRanks() {
        List<Long> latencies = List.of(1125L, 1125L, 1125L, 2125L);
        assertThat(Oracle.percentile(latencies, 0.95)).isCloseTo(1975, within(1e-9));
        assertThat(Oracle.percentile(latencies, 0.99)).isCloseTo(2095, within(1e-9));
        assertThat(Oracle.percentile(latencies, 1)).isEqualTo(2125);
        assertThat(Oracle.percentile(List.of(7L), 0.5)).isEqualTo(7);
    }

    @Test
    void overlapIsCountedFromArrivalToBeforeTheEnd() {
        List<OracleRow> rows = Stream.of("2026-01-07T09:59:59.500Z", "2026-01-07T10:00:00Z", "2026-01-07T10:00:00.500Z")
                .map(arrival -> OracleRow.at(arrival.hashCode(), arrival).withTimes(1_000_000L, null))
                .toList();
        OracleAnswer answer = Oracle.answer(
                ask("concurrent_requests", "2026-01-07T09:59:00Z", "2026-01-07T10:02:00Z", "MINUTE", 1), rows);
        assertThat(values(answer, "peak")).containsExactly("1", "2", "0");
    }

    @Test
    void monthsAreCalendarMonthsAndIntervalsStartAtTheRange() {
        List<OracleRow> rows = List.of(
                OracleRow.at(1, "2026-01-31T12:00:00Z"),
                OracleRow.at(2, "2026-02-28T11:59:59.999999Z"),
                OracleRow.at(3, "2026-03-31T12:00:00Z"));
        assertThat(values(
                        Oracle.answer(
                                ask("request_count", "2026-01-31T12:00:00Z", "2026-04-01T00:00:00Z", "MONTH", 1), rows),
                        "count"))
                .containsExactly("1", "1", "1");
        // 31 January 12:00, 31 March 12:00, 31 May 12:00
        assertThat(values(
                        Oracle.answer(
                                ask("request_count", "2026-01-31T12:00:00Z", "2026-04-01T00:00:00Z", "MONTH", 2), rows),
                        "count"))
                .containsExactly("2", "1");
    }

    @Test
    void aDayInWhichTheClockIsSetBackHas25Hours() {
        List<OracleRow> rows = List.of(
                OracleRow.at(1, "2026-10-24T22:00:00Z"),
                OracleRow.at(2, "2026-10-25T22:59:59.999999Z"),
                OracleRow.at(3, "2026-10-25T23:00:00Z"));
        OracleAnswer answer = Oracle.answer(
                ask("request_count", "2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", "DAY", 1, "Europe/Berlin"), rows);
        assertThat(values(answer, "count")).containsExactly("2", "1");
    }

    @Test
    void delta_firstBucketComparesWithTheOneBeforeTheRange() {
        List<OracleRow> rows =
                List.of(OracleRow.at(1, "2026-01-06T12:00:00Z"), OracleRow.at(2, "2026-01-08T12:00:00Z"));
        OracleAnswer answer =
                Oracle.answer(ask("request_count", "2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z", "DAY", 1), rows);
        assertThat(answer.lines().stream()
                        .map(line -> line.cells().values().iterator().next())
                        .map(cell -> cell.change() + " " + cell.ratio() + " " + cell.comparable()))
                .containsExactly("-1.0 -1.0 true", "1.0 null true");
    }

    @Test
    void theNewestDeliveryOfAnInferenceCounts() {
        OracleRow first =
                OracleRow.at(1, "2026-01-07T12:00:00Z").withTokens(5L, 1L).withIngested(10);
        List<OracleRow> rows = List.of(first, first.withTokens(7L, 1L).withIngested(20), first.withIngested(15));
        OracleAnswer answer =
                Oracle.answer(ask("input_token", "2026-01-07T00:00:00Z", "2026-01-08T00:00:00Z", "DAY", 1), rows);
        assertThat(values(answer, "total")).containsExactly("7");
    }

    @Test
    void randomTraffic_isReproducible() {
        assertThat(RandomTraffic.table(42)).isEqualTo(RandomTraffic.table(42)).isNotEqualTo(RandomTraffic.table(43));
    }
}
