package io.budmetrics.clickhouse.ingest;

import static io.budmetrics.record.EventJson.camelCase;
import static io.budmetrics.record.EventJson.data;
import static io.budmetrics.record.EventJson.entry;
import static io.budmetrics.record.EventJson.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.Row;
import io.budmetrics.clickhouse.BudMetrics;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.clickhouse.junit.ClickHouseExtension;
import io.budmetrics.clickhouse.junit.TestServer;
import io.budmetrics.clickhouse.migrate.SchemaMigrator;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.metric.Metrics;
import io.budmetrics.record.InferenceEvents;
import io.budmetrics.record.InferenceRecord;
import io.budmetrics.schema.Column;
import io.budmetrics.sql.Columns;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ClickHouseExtension.class)
final class InferenceWriterIT {
    private static final Instant ARRIVAL = Instant.parse("2026-03-04T05:06:07.123456Z");
    private static final List<Column> WRITTEN =
            RecordColumns.ALL.stream().map(RecordColumn::column).toList();
    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "it's \"quoted\" `twice`",
            "back\\slash \\' \\N \\0",
            "100 % %s %(x)s {p0:UUID} ? $1",
            "nul \u0000 tab \t line \n return \r",
            "emoji 😀👩‍👩‍👧 漢字 é \uFFFD \uFEFF",
            "'); DROP TABLE InferenceFact; --",
            "long ".repeat(200_000));

    private DataSource database;
    private DriverClient driver;
    private InferenceWriter writer;

    @BeforeEach
    void createTable(TestServer server) {
        database = server.newDatabase().dataSource();
        SchemaMigrator.over(database).migrate();
        driver = DriverClient.over(database);
        writer = InferenceWriter.over(database);
    }

    @AfterEach
    void close() {
        writer.close();
        driver.close();
    }

    private static InferenceRecord.Builder row(int id) {
        return InferenceRecord.builder().inferenceId(new UUID(0x7000, id)).requestArrivalTime(ARRIVAL);
    }

    private long count(String from) {
        return driver.query("SELECT count() AS n FROM " + from, List.of()).longAt(0, 0);
    }

    @Test
    void everyColumnComesBackAsItWasWritten() throws UnknownHostException {
        List<InferenceRecord> rows = new ArrayList<>();
        rows.add(row(0).build());
        rows.add(full(1, "text"));
        for (String text : HOSTILE) {
            rows.add(full(rows.size(), text));
        }
        rows.add(row(rows.size())
                .requestArrivalTime(Instant.EPOCH)
                .inputTokens(0)
                .responseTimeUs(0)
                .cost(BigDecimal.ZERO)
                .isSuccess(false)
                .latitude(-0.0)
                .clientIp(InetAddress.getByName("2001:db8::1"))
                .build());
        rows.add(row(rows.size())
                .requestArrivalTime(Instant.parse("2105-12-31T23:59:59.999999Z"))
                .inputTokens(0xFFFF_FFFFL)
                .responseTimeUs(366L * 86_400 * 1_000_000)
                .cost(new BigDecimal("999999.999999999999"))
                .inferenceCost(new BigDecimal("0.000000000001"))
                .imagesGenerated(65_535)
                .rulePriority(Integer.MIN_VALUE)
                .clientIp(InetAddress.getByName("255.255.255.255"))
                .build());

        assertThat(writer.write(rows)).isEqualTo(rows.size());

        Columns stored = driver.query(
                WRITTEN.stream()
                                .map(InferenceWriterIT::readable)
                                .collect(Collectors.joining(",\n    ", "SELECT\n    ", ""))
                        + "\nFROM InferenceFact FINAL\nORDER BY inference_id",
                List.of());
        assertThat(stored.rowCount()).isEqualTo(rows.size());
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < WRITTEN.size(); c++) {
                assertThat(cell(stored, WRITTEN.get(c), c, r))
                        .as("%s of row %d", WRITTEN.get(c).name(), r)
                        .isEqualTo(given(rows.get(r), WRITTEN.get(c)));
            }
        }
        assertThat(count("InferenceFact WHERE ingested_at > now() - INTERVAL 1 HOUR"))
                .isEqualTo(rows.size());
    }

    /** The column as a type that is read without a time zone or an address class. */
    private static String readable(Column column) {
        String name = column.name();
        if (column.type().contains("DateTime64")) {
            return "toUnixTimestamp64Micro(" + name + ") AS " + name + "_";
        }
        return column.type().contains("IPv6") ? "IPv6NumToString(" + name + ") AS " + name + "_" : name;
    }

    private static @Nullable Object cell(Columns columns, Column column, int c, int r) {
        if (columns.isNull(c, r)) {
            return null;
        }
        String type = column.type();
        if (type.contains("String") || type.contains("IPv6")) {
            return columns.textAt(c, r);
        }
        if (type.contains("UUID")) {
            return columns.uuidAt(c, r);
        }
        if (type.contains("Decimal")) {
            return columns.decimalAt(c, r);
        }
        return type.contains("Float64") ? (Object) columns.doubleAt(c, r) : (Object) columns.longAt(c, r);
    }

    /** The accessor's value in the form of {@link #cell}. */
    private static @Nullable Object given(InferenceRecord row, Column column) {
        Object value;
        try {
            Method accessor = InferenceRecord.class.getMethod(camelCase(column.name()));
            value = accessor.invoke(row);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("no accessor for " + column.name(), e);
        }
        if (value instanceof OptionalLong number) {
            return number.isPresent() ? number.getAsLong() : null;
        }
        if (value instanceof OptionalInt number) {
            return number.isPresent() ? (long) number.getAsInt() : null;
        }
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? number.getAsDouble() : null;
        }
        Object plain = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        if (plain instanceof Instant time) {
            return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
        }
        if (plain instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (plain instanceof BigDecimal cost) {
            return cost.setScale(12);
        }
        if (plain instanceof InetAddress address) {
            return address.getAddress().length == 4
                    ? "::ffff:" + address.getHostAddress()
                    : address.getHostAddress().replace("2001:db8:0:0:0:0:0:1", "2001:db8::1");
        }
        return plain;
    }

    /** Every column set; numbers differ by column, so that two that change places are seen. */
    private static InferenceRecord full(int id, String text) throws UnknownHostException {
        InferenceRecord.Builder builder = row(id);
        long number = 100;
        for (Method setter : java.util.Arrays.stream(InferenceRecord.Builder.class.getMethods())
                .filter(method -> method.getParameterCount() == 1
                        && !method.isBridge()
                        && method.getReturnType() == InferenceRecord.Builder.class)
                .sorted(Comparator.comparing(Method::getName))
                .toList()) {
            number++;
            Object value = value(setter.getName(), setter.getParameterTypes()[0], number, text);
            if (value != null) {
                try {
                    Object same = setter.invoke(builder, value);
                    assertThat(same).isSameAs(builder);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new LinkageError(setter.getName(), e);
                }
            }
        }
        InferenceRecord row = builder.inferenceId(new UUID(0x7000, id))
                .requestArrivalTime(ARRIVAL)
                .responseTimeUs(70_000_000_001L)
                .ttftUs(60_000_000_001L)
                .build();
        for (Column column : WRITTEN) {
            assertThat(given(row, column)).as(column.name()).isNotNull();
        }
        return row;
    }

    private static @Nullable Object value(String name, Class<?> type, long number, String text)
            throws UnknownHostException {
        if (type == String.class) {
            return text.isEmpty() ? text : text + number;
        }
        if (type == UUID.class) {
            return new UUID(number, number);
        }
        if (type == Instant.class) {
            return ARRIVAL.plusNanos(number * 1_000);
        }
        if (type == long.class) {
            return number;
        }
        if (type == int.class) {
            return (int) number;
        }
        if (type == double.class) {
            return name.equals("latitude") ? 12.345678901 : 123.45678901;
        }
        if (type == Boolean.class) {
            return number % 2 == 0;
        }
        if (type == BigDecimal.class) {
            return BigDecimal.valueOf(number, 9);
        }
        return type == InetAddress.class ? InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number}) : null;
    }

    @Test
    void anInferenceThatComesAgainCountsOnceBeforeAndAfterAMerge() {
        InferenceRecord first = row(1).inputTokens(10).build();
        InferenceRecord again = row(1).inputTokens(11).build();
        writer.write(List.of(first, row(2).build(), first));
        writer.write(List.of(again));

        assertThat(count("InferenceFact FINAL")).isEqualTo(2);
        String tokens = "SELECT sum(input_tokens) AS n FROM InferenceFact FINAL";
        assertThat(driver.query(tokens, List.of()).longAt(0, 0)).isEqualTo(11);

        driver.execute("OPTIMIZE TABLE InferenceFact FINAL");

        assertThat(count("InferenceFact")).isEqualTo(2);
        assertThat(driver.query(tokens, List.of()).longAt(0, 0)).isEqualTo(11);
    }

    @Test
    void ofOneCallTheLastRecordOfAnInferenceCounts() {
        writer.write(List.of(
                row(1).inputTokens(1).build(),
                row(1).inputTokens(3).build(),
                row(2).inputTokens(70).build(),
                row(1).inputTokens(2).build()));
        for (boolean merged : new boolean[] {false, true}) {
            if (merged) {
                driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
            }
            Columns sums = driver.query(
                    "SELECT count() AS n, sum(input_tokens) AS tokens FROM InferenceFact FINAL", List.of());
            assertThat(sums.longAt(0, 0)).isEqualTo(2);
            assertThat(sums.longAt(1, 0)).isEqualTo(72);
        }
    }

    /** The sorting key is the identity: project, arrival, id. */
    @Test
    void theSameIdWithAnotherArrivalOrProjectIsAnotherInference() {
        writer.write(List.of(
                row(1).build(),
                row(1).requestArrivalTime(ARRIVAL.plusNanos(1_000)).build(),
                row(1).projectId(new UUID(0, 1)).build()));
        writer.write(List.of(
                row(1).build(),
                row(1).requestArrivalTime(ARRIVAL.plusNanos(999)).build()));
        driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
        assertThat(count("InferenceFact FINAL")).isEqualTo(3);
    }

    /** The server must not take what comes again for a redelivery: after a crash it may remember rows that it lost. */
    @Test
    void aPieceThatComesAgainCountsOnceAndIsStoredAgainAfterADelete() {
        List<InferenceRecord> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(row(i).userId("user " + i).build());
        }
        writer.write(rows);
        writer.write(rows);
        try (InferenceWriter other = InferenceWriter.over(database)) {
            other.write(rows);
            assertThat(count("InferenceFact FINAL")).isEqualTo(1_000);

            driver.execute("DELETE FROM InferenceFact WHERE 1 SETTINGS lightweight_deletes_sync = 2");
            assertThat(count("InferenceFact FINAL")).isZero();
            other.write(rows);
            assertThat(count("InferenceFact FINAL")).isEqualTo(1_000);
        }
        driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
        assertThat(count("InferenceFact")).isEqualTo(1_000);
    }

    @Test
    void tenMegabytesOfAnythingAreStoredVerbatim() {
        StringBuilder anything = new StringBuilder(10_000_000);
        while (anything.length() < 10_000_000) {
            HOSTILE.subList(0, 8).forEach(anything::append);
        }
        writer.write(List.of(row(1).rawRequest(anything.toString()).build()));
        Columns stored = driver.query("SELECT raw_request FROM InferenceFact", List.of());
        assertThat(stored.textAt(0, 0)).isEqualTo(anything.toString());
    }

    /** The service's batch as JSON, from the entry to the answer. */
    @Test
    void whatEventsSayIsStoredAndCounted() throws JsonProcessingException, UnknownHostException {
        String id = "00000000-0000-7000-0000-00000000000";
        InferenceEvents events = events(
                entry(data("\"inference_id\": \"" + id + "1\","
                        + " \"error_message\": \"Disk 100% full\", \"request_ip\": \"::1\"")),
                entry(data("\"inference_id\": \"" + id + "2\","
                        + " \"error_message\": \"path C:\\\\ it's\", \"cost\": 0.0125")),
                "{\"event\": {\"inference_id\": \"" + id + "3\"}}",
                entry(data("\"inference_id\": \"" + id + "4\"")),
                entry(data("\"inference_id\": \"" + id + "4\"")));
        assertThat(events.rejected()).hasSize(1);
        assertThat(events.rejected().get(0).id()).hasValue(id + "3");

        assertThat(writer.write(events.records())).isEqualTo(4);
        writer.write(events.records());

        Columns stored = driver.query(
                "SELECT error_message, IPv6NumToString(request_ip) AS ip FROM InferenceFact FINAL ORDER BY inference_id",
                List.of());
        assertThat(stored.textAt(0, 0)).isEqualTo("Disk 100% full");
        assertThat(stored.textAt(1, 0)).isEqualTo("::1");
        assertThat(stored.textAt(0, 1)).isEqualTo("path C:\\ it's");
        for (boolean merged : new boolean[] {false, true}) {
            if (merged) {
                driver.execute("OPTIMIZE TABLE InferenceFact FINAL");
            }
            try (BudMetrics budMetrics = BudMetrics.over(database)) {
                Row answer = budMetrics
                        .execute(QueryBuilder.analytics()
                                .metrics(Metrics.REQUEST_COUNT, Metrics.QUEUING_TIME, Metrics.COST)
                                .between(Instant.parse("2026-01-07T00:00:00Z"), Instant.parse("2026-01-08T00:00:00Z"))
                                .build())
                        .rows()
                        .get(0);
                assertThat(answer.get(Metrics.REQUEST_COUNT).count()).isEqualTo(3);
                assertThat(answer.get(Metrics.QUEUING_TIME).mean().orElseThrow())
                        .isCloseTo(800.001, within(1e-9));
                assertThat(answer.get(Metrics.COST).total().orElseThrow()).isEqualByComparingTo("0.0125");
            }
        }
    }

    @Test
    void manyThreadsFillOneBuffer() throws InterruptedException, ExecutionException {
        List<Unwritten> unwritten = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(writer, unwritten::add)
                .maxRecords(700)
                .maxDelay(Duration.ofMillis(5))
                .capacityBytes(2_000 * RecordColumns.footprint(row(1).build()))
                .senders(2)
                .build()) {
            List<Future<?>> producers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int thread = t;
                producers.add(threads.submit(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        // each inference comes twice, from two threads
                        buffer.add(row(thread / 2 * 10_000 + i).build());
                    }
                }));
            }
            for (Future<?> producer : producers) {
                assertThat(producer.get()).isNull();
            }
            assertThat(buffer.flush().written()).isEqualTo(16_000);
            assertThat(count("InferenceFact FINAL")).isEqualTo(8_000);
        } finally {
            threads.shutdownNow();
        }
        assertThat(unwritten).isEmpty();
    }

    @Test
    void piecesArePartsOfOneMonth() {
        List<InferenceRecord> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(row(i).requestArrivalTime(Instant.parse(
                            i % 3 == 0
                                    ? "2026-01-31T23:59:59.999999Z"
                                    : i % 3 == 1 ? "2026-02-01T00:00:00Z" : "2024-12-31T12:00:00Z"))
                    .build());
        }
        assertThat(writer.write(rows)).isEqualTo(300);
        assertThat(driver.query(
                                "SELECT uniqExact(partition) AS n FROM system.parts"
                                        + " WHERE database = currentDatabase() AND table = 'InferenceFact' AND active",
                                List.of())
                        .longAt(0, 0))
                .isEqualTo(3);
        assertThat(count("system.parts WHERE database = currentDatabase() AND table = 'InferenceFact' AND active"))
                .isEqualTo(3);
        assertThat(writer.write(List.of())).isZero();
    }

    @Test
    void wordsMayBeManyAndTextsLong() {
        for (int words : new int[] {255, 256, 65_535, 65_536}) {
            List<InferenceRecord> rows = new ArrayList<>();
            for (int i = 0; i < words; i++) {
                rows.add(row(i).city("city " + i).countryName("").build());
            }
            rows.add(row(words).build());
            driver.execute("TRUNCATE TABLE InferenceFact");
            assertThat(writer.write(rows)).isEqualTo(words + 1);
            Columns cities = driver.query(
                    "SELECT uniqExact(city) AS cities, countIf(city IS NULL) AS none, countIf(country_name = '') AS empty FROM InferenceFact FINAL",
                    List.of());
            assertThat(cities.longAt(0, 0)).isEqualTo(words);
            assertThat(cities.longAt(1, 0)).isEqualTo(1);
            assertThat(cities.longAt(2, 0)).isEqualTo(words);
        }
        driver.execute("TRUNCATE TABLE InferenceFact");
        String text = "é".repeat(5_000_000);
        List<InferenceRecord> large = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            large.add(row(i).rawResponse(text).build());
        }
        assertThat(writer.write(large)).isEqualTo(12);
        assertThat(count("InferenceFact WHERE length(raw_response) = 10000000 AND isValidUTF8(raw_response)"))
                .isEqualTo(12);
    }

    @Test
    void severalThreadsMayWriteAtOnce() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> written = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                written.add(threads.submit(() -> {
                    List<InferenceRecord> rows = new ArrayList<>();
                    for (int i = 0; i < 2_000; i++) {
                        rows.add(row(thread * 10_000 + i).userId("user " + i).build());
                    }
                    return writer.write(rows);
                }));
            }
            for (Future<Long> one : written) {
                assertThat(one.get()).isEqualTo(2_000);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(count("InferenceFact FINAL")).isEqualTo(8_000);
    }

    @Test
    void aMissingTableIsASchemaMismatch(TestServer server) {
        try (InferenceWriter elsewhere =
                InferenceWriter.over(server.newDatabase().dataSource())) {
            Collection<InferenceRecord> rows = List.of(row(1).build());
            assertThatThrownBy(() -> elsewhere.write(rows))
                    .isInstanceOfSatisfying(
                            BudMetricsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
        }
    }

    /** Prints its speed; the bar of the project is 100,000 rows a second on an idle machine. */
    @Test
    void aHundredThousandRowsAreThereAfterwards() {
        SyntheticTraffic traffic = SyntheticTraffic.builder()
                .records(100_000)
                .days(30)
                .until(Instant.parse("2026-11-01T00:00:00Z"))
                .batchSize(50_000)
                .build();
        List<List<InferenceRecord>> batches = traffic.stream().toList();
        long start = System.nanoTime();
        long written = 0;
        for (List<InferenceRecord> batch : batches) {
            written += writer.write(batch);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("wrote %d rows, %.0f rows/s%n", written, written / seconds);

        assertThat(written).isEqualTo(100_000);
        assertThat(count("InferenceFact FINAL")).isEqualTo(100_000);
        List<Long> progress = new ArrayList<>();
        assertThat(traffic.writeTo(writer, progress::add)).isEqualTo(100_000);
        assertThat(progress).containsExactly(50_000L, 100_000L);
        assertThat(count("InferenceFact FINAL")).isEqualTo(100_000);
        List<InferenceRecord> all = batches.stream().flatMap(List::stream).toList();
        Columns sums = driver.query(
                "SELECT sum(response_time_us) AS time, sum(output_tokens) AS tokens, sum(cost) AS cost,"
                        + " countIf(is_success) AS good FROM InferenceFact FINAL",
                List.of());
        assertThat(sums.longAt(0, 0))
                .isEqualTo(all.stream()
                        .mapToLong(r -> r.responseTimeUs().orElse(0))
                        .sum());
        assertThat(sums.longAt(1, 0))
                .isEqualTo(
                        all.stream().mapToLong(r -> r.outputTokens().orElse(0)).sum());
        assertThat(sums.decimalAt(2, 0))
                .isEqualByComparingTo(all.stream()
                        .map(r -> r.cost().orElse(BigDecimal.ZERO))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(sums.longAt(3, 0))
                .isEqualTo(all.stream().filter(r -> r.isSuccess().orElse(false)).count());
    }

    @Test
    void aLoadThatWasCutOffGoesOnAtItsBatch() {
        SyntheticTraffic traffic = SyntheticTraffic.builder()
                .records(20_000)
                .days(20)
                .until(Instant.parse("2026-10-01T00:00:00Z"))
                .batchSize(1_000)
                .duplicates(0.05)
                .clockSkew(0.2)
                .build();
        List<List<InferenceRecord>> batches = traffic.stream().toList();
        // as it is left when two batches are under way: the later one may be the one that arrived
        for (int batch : List.of(0, 1, 2, 3, 4, 5, 6, 8)) {
            writer.write(batches.get(batch));
        }
        Instant latest = batches.get(8).stream()
                .map(InferenceRecord::requestArrivalTime)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        List<Long> progress = new ArrayList<>();
        assertThat(traffic.writeTo(writer, latest, progress::add)).isEqualTo(20_000);

        assertThat(progress).hasSize(20).endsWith(20_000L);
        assertThat(count("InferenceFact FINAL")).isEqualTo(19_000);
        // nothing is left to do
        assertThat(traffic.writeTo(writer, Instant.MAX, done -> {})).isEqualTo(20_000);
        assertThat(count("InferenceFact FINAL")).isEqualTo(19_000);
    }
}
