package io.budmetrics.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class QueryLimitsTest {
    private static final List<UnaryOperator<QueryLimits>> CHANGES = List.of(
            limits -> limits,
            limits -> limits.withTimeout(Duration.ofSeconds(1)),
            limits -> limits.withMaxResultRows(7),
            limits -> limits.withMaxRowsToRead(7),
            limits -> limits.withMaxBytesToRead(7),
            limits -> limits.withMaxMemoryBytes(7),
            limits -> limits.withMaxThreads(7));

    @Test
    void isComparedByValueAndChangedByCopy() {
        for (int i = 0; i < CHANGES.size(); i++) {
            for (int k = 0; k < CHANGES.size(); k++) {
                QueryLimits one = CHANGES.get(i).apply(QueryLimits.defaults());
                QueryLimits other = CHANGES.get(k).apply(QueryLimits.defaults());
                assertThat(one.equals(other)).as("%s and %s", one, other).isEqualTo(i == k);
                assertThat(one.hashCode() == other.hashCode()).isEqualTo(i == k);
                assertThat(one.toString().equals(other.toString())).isEqualTo(i == k);
            }
        }
        QueryLimits all = QueryLimits.defaults();
        for (UnaryOperator<QueryLimits> change : CHANGES) {
            all = change.apply(all);
        }
        for (UnaryOperator<QueryLimits> change : CHANGES) {
            assertThat(change.apply(all)).as("no change loses another").isEqualTo(all);
        }
    }

    @Test
    void invalidLimit_isRefusedByFieldName() {
        refuses("timeout", () -> QueryLimits.defaults().withTimeout(Duration.ZERO));
        refuses("timeout", () -> QueryLimits.defaults().withTimeout(Duration.ofHours(25)));
        refuses("maxResultRows", () -> QueryLimits.defaults().withMaxResultRows(-1));
        refuses("maxRowsToRead", () -> QueryLimits.defaults().withMaxRowsToRead(-1));
        refuses("maxBytesToRead", () -> QueryLimits.defaults().withMaxBytesToRead(-1));
        refuses("maxMemoryBytes", () -> QueryLimits.defaults().withMaxMemoryBytes(-1));
        refuses("maxThreads", () -> QueryLimits.defaults().withMaxThreads(-1));
    }

    private static void refuses(String field, Supplier<QueryLimits> call) {
        BudMetricsException exception =
                Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, call::get));
        assertThat(exception.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(exception).message().contains(field);
    }
}
