package io.budmetrics.clickhouse.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.error.ErrorCode;
import org.junit.jupiter.api.Test;

/** Whose interrupt it is that a thread is left with. */
final class InFlightTest {
    private final InFlight call = new InFlight(Thread.currentThread(), 1_000, new Cancellation());

    @Test
    void aCallersInterruptStaysThoughAPoolTookItBeforeTheAbort() {
        Thread.currentThread().interrupt();
        assertThat(call.reasonToAbort(0)).isEqualTo(ErrorCode.QUERY_CANCELLED);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(call.abort(ErrorCode.QUERY_CANCELLED)).isNull();
        assertThat(Thread.interrupted()).as("the wait for a connection ends").isTrue();

        assertThat(call.finish()).isEqualTo(ErrorCode.QUERY_CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptOfOursIsTakenBack() {
        assertThat(call.reasonToAbort(1_000)).isEqualTo(ErrorCode.QUERY_TIMEOUT);
        assertThat(call.abort(ErrorCode.QUERY_TIMEOUT)).isNull();

        assertThat(call.finish()).isEqualTo(ErrorCode.QUERY_TIMEOUT);
        assertThat(Thread.interrupted()).isFalse();
    }
}
