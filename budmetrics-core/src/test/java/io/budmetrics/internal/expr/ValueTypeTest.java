package io.budmetrics.internal.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ValueTypeTest {
    @Test
    void parse_readsTheTextOfEachTypeOfADimension() {
        UUID id = new UUID(1, 2);
        assertThat(ValueType.ID.parse("model", id.toString())).isEqualTo(id);
        assertThat(ValueType.TEXT.parse("user", "a")).isEqualTo("a");
        assertThat(ValueType.FLAG.parse("cached", "false")).isFalse();
        assertThat(ValueType.INTEGER.parse("status_code", "-7")).isEqualTo(-7);
        assertThat(ValueType.LONG.parse("asn", "4294967296")).isEqualTo(4_294_967_296L);
    }

    @Test
    void parse_namesTheFieldAndNeverTheText() {
        assertRejected(ValueType.ID, "1-2-3-4-5", "is not a UUID");
        assertRejected(ValueType.FLAG, "secret", "is no flag");
        assertRejected(ValueType.INTEGER, "4294967296", "is no whole number");
        assertRejected(ValueType.LONG, "1.5", "is no whole number");
    }

    private static void assertRejected(ValueType<?> type, String text, String reason) {
        assertThatThrownBy(() -> type.parse("field", text))
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("field: a value of " + text.length() + " characters " + reason)
                .hasMessageNotContaining(text);
    }

    @Test
    void plain_isWhatAParameterHolds() {
        assertThat(ValueType.INTEGER.plain(200)).isEqualTo(200L);
        assertThat(ValueType.DURATION.plain(Duration.ofNanos(2_500_000))).isEqualTo(2_500L);
        assertThat(ValueType.FLAG.plain(true)).isEqualTo(true);
    }

    @Test
    void ofNumber_readsFlagsAndWholeNumbers() {
        assertThat(ValueType.FLAG.ofNumber(1)).isTrue();
        assertThat(ValueType.INTEGER.ofNumber(404)).isEqualTo(404);
        assertThat(ValueType.LONG.ofNumber(-1)).isEqualTo(-1L);
        assertThatThrownBy(() -> ValueType.INTEGER.ofNumber(1L << 40)).isInstanceOf(ArithmeticException.class);
    }
}
