package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.layout.LayoutSource;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.StoredColumn;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written, so that a layout reads it back. */
final class StoredFormTest {
    private static final Instant ARRIVAL = Instant.parse("2026-01-05T00:00:00.123456Z");
    private static final StoredColumn PLAIN = StoredColumn.of("c");

    private static StoredForm form(Column logical, StoredColumn stored, String type) {
        Layout layout = Layout.table("log")
                .column(logical, stored)
                .column(InferenceFact.REQUEST_ARRIVAL_TIME, "ts")
                .build();
        LayoutSource source = Internals.of(layout).sources().get(0);
        return StoredForm.of(source.fills().get(0), "log", type);
    }

    private static String written(Column logical, StoredColumn stored, String type, @Nullable Object value) {
        StringBuilder out = new StringBuilder();
        form(logical, stored, type).append(value, ARRIVAL, out);
        return out.toString();
    }

    private static String time(String type, @Nullable Object value) {
        return written(InferenceFact.REQUEST_FORWARD_TIME, PLAIN, type, value);
    }

    private static String duration(StoredColumn stored, String type, @Nullable Long micros) {
        return written(
                InferenceFact.RESPONSE_TIME_US, stored, type, micros == null ? null : BigDecimal.valueOf(micros));
    }

    private static String flag(StoredColumn stored, String type, @Nullable Boolean value) {
        return written(InferenceFact.IS_SUCCESS, stored, type, value);
    }

    private static String text(StoredColumn stored, String type, @Nullable String value) {
        return written(InferenceFact.USER_ID, stored, type, value);
    }

    @Test
    void timesAreSecondsThatNoZoneChanges() {
        Instant early = Instant.parse("1970-01-01T00:01:00.5Z");

        assertThat(time("DateTime", ARRIVAL)).isEqualTo("1767571200");
        assertThat(time("DateTime64(3, 'Asia/Kolkata')", ARRIVAL)).isEqualTo("1767571200.123");
        assertThat(time("Nullable(DateTime64(9))", ARRIVAL)).isEqualTo("1767571200.123456");
        assertThat(time("DateTime64(1)", early)).isEqualTo("0000000060.5");
        assertThat(time("Nullable(DateTime)", null)).isEqualTo("\\N");
        assertThat(time("DateTime", null)).isEqualTo("1767571200");
    }

    @Test
    void numbersAreScaledCutAndHeldOrNotKnown() {
        StoredColumn millis = PLAIN.times(1000);

        assertThat(duration(millis, "Nullable(UInt32)", 1_234_567L)).isEqualTo("1234");
        assertThat(duration(millis, "Nullable(Float64)", 1_234_567L)).isEqualTo("1234.567");
        assertThat(duration(millis, "Nullable(Decimal(9, 2))", 1_234_567L)).isEqualTo("1234.56");
        assertThat(duration(millis, "Nullable(UInt8)", 255_999L)).isEqualTo("255");
        assertThat(duration(millis, "Nullable(UInt8)", 256_000L)).isEqualTo("\\N");
        assertThat(duration(millis, "UInt8", 256_000L)).isEqualTo("0");
        assertThat(duration(millis.nullIf(200), "UInt8", 256_000L)).isEqualTo("200");
        assertThat(duration(PLAIN.nullIf(-1), "Int64", null)).isEqualTo("-1");
        assertThat(duration(PLAIN, "Nullable(UInt64)", -1L)).isEqualTo("\\N");
        assertThat(duration(PLAIN, "Nullable(Int8)", -128L)).isEqualTo("-128");
        assertThat(duration(PLAIN, "Nullable(Int8)", -129L)).isEqualTo("\\N");
        assertThat(duration(PLAIN, "Nullable(Decimal(5, 2))", 999L)).isEqualTo("999.00");
        assertThat(duration(PLAIN, "Nullable(Decimal(5, 2))", 1_000L)).isEqualTo("\\N");
        assertThat(written(
                        InferenceFact.COST, PLAIN.dividedBy(100), "Nullable(Int64)", new BigDecimal("0.299999999999")))
                .isEqualTo("29");
        assertThat(written(InferenceFact.COST, PLAIN, "Float64", new BigDecimal("0.000000000001")))
                .isEqualTo("0.000000000001");
    }

    @Test
    void flagsAreWrittenAsWhatTellsThem() {
        String states = "Enum8('failed' = 2, 'ok' = 1, 'it\\'s' = 3)";

        assertThat(flag(PLAIN, "Bool", true)).isEqualTo("true");
        assertThat(flag(PLAIN, "UInt8", true)).isEqualTo("1");
        assertThat(flag(PLAIN, "Bool", null)).isEqualTo("false");
        assertThat(flag(PLAIN, "Nullable(Bool)", null)).isEqualTo("\\N");
        assertThat(flag(PLAIN.is("ok"), states, true)).isEqualTo("ok");
        assertThat(flag(PLAIN.is("ok"), states, false)).isEqualTo("failed");
        assertThat(flag(PLAIN.is("ok"), states, null)).isEqualTo("failed");
        assertThat(flag(PLAIN.is("it"), "String", false)).isEqualTo("not it");
        assertThat(flag(PLAIN.is("ok"), "LowCardinality(Nullable(String))", null))
                .isEqualTo("\\N");
        assertThat(flag(PLAIN.below(400), "UInt16", true)).isEqualTo("399");
        assertThat(flag(PLAIN.below(400), "UInt16", false)).isEqualTo("400");
        assertThat(flag(PLAIN.atLeast(1), "Int8", true)).isEqualTo("1");
        assertThat(flag(PLAIN.atLeast(1), "Int8", false)).isEqualTo("0");
        assertThat(flag(PLAIN.atLeast(1), "Nullable(Int8)", null)).isEqualTo("\\N");
    }

    @Test
    void textsAreVerbatimAndNamesThoseOfTheirEnum() {
        UUID id = new UUID(7, 8);

        assertThat(text(PLAIN, "String", "a\tb\\n\n\0\r")).isEqualTo("a\\tb\\\\n\\n\\0\\r");
        assertThat(text(PLAIN.nullIfEmpty(), "LowCardinality(String)", null)).isEmpty();
        assertThat(text(PLAIN, "Nullable(String)", null)).isEqualTo("\\N");
        assertThat(text(PLAIN.asText(), "Nullable(Enum8('a' = 1))", "a")).isEqualTo("a");
        assertThat(text(PLAIN.asText(), "Nullable(Enum8('a' = 1))", "b")).isEqualTo("\\N");
        assertThat(text(PLAIN.asText(), "Enum8('a' = 1)", "b")).isEqualTo("a");
        assertThat(text(PLAIN.asText(), "Nullable(Int32)", "17")).isEqualTo("17");
        assertThat(text(PLAIN.asText(), "Nullable(Int32)", "seventeen")).isEqualTo("\\N");
        assertThat(text(PLAIN.asText(), "UUID", id.toString())).isEqualTo(id.toString());
        // version 3 of the MD5 of its bytes
        assertThat(text(PLAIN.asText(), "UUID", "abc")).isEqualTo("90015098-3cd2-3fb0-9696-3f7d28e17f72");
        assertThat(text(PLAIN.asText(), "UUID", null)).isEqualTo("00000000-0000-0000-0000-000000000000");
        assertThat(written(InferenceFact.MODEL_ID, PLAIN.nullIfEmpty().asUuid(), "String", id))
                .isEqualTo(id.toString());
        assertThat(written(InferenceFact.MODEL_ID, PLAIN.nullIfEmpty().asUuid(), "String", null))
                .isEmpty();
        assertThat(written(InferenceFact.MODEL_ID, PLAIN.orElse("d"), "Nullable(UUID)", id))
                .isEqualTo(id.toString());
    }

    @Test
    void addressesAreThoseOfTheirKind() throws Exception {
        InetAddress four = InetAddress.getByName("10.1.2.3");
        InetAddress six = InetAddress.getByName("2001:db8::1");

        assertThat(written(InferenceFact.CLIENT_IP, PLAIN, "Nullable(IPv4)", four))
                .isEqualTo("10.1.2.3");
        assertThat(written(InferenceFact.CLIENT_IP, PLAIN, "Nullable(IPv4)", six))
                .isEqualTo("\\N");
        assertThat(written(InferenceFact.CLIENT_IP, PLAIN, "IPv6", four)).isEqualTo("::ffff:10.1.2.3");
        assertThat(written(InferenceFact.CLIENT_IP, PLAIN, "IPv6", six)).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(written(InferenceFact.CLIENT_IP, PLAIN, "IPv6", null)).isEqualTo("::");
    }

    @Test
    void aFlagWithoutANameIsRefusedByTheColumn() {
        assertThatThrownBy(() -> form(InferenceFact.IS_SUCCESS, PLAIN.is("fine"), "Enum8('ok' = 1, 'no' = 2)"))
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("column c of log has no name for true");
        assertThatThrownBy(() -> form(InferenceFact.IS_SUCCESS, PLAIN.is("ok"), "Enum8('ok' = 1)"))
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("column c of log has no name for false");
    }
}
