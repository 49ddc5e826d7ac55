package io.budmetrics.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which range a question is compared with. */
class ComparisonTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** Midnight in Berlin, two days after its clock was set forth. */
    private static final Instant FROM = Instant.parse("2026-03-30T22:00:00Z");

    private static final Instant TO = FROM.plus(Duration.ofHours(6));

    private static TimeRange before(Comparison comparison) {
        return comparison.rangeBefore(TimeRange.between(FROM, TO).withZone(BERLIN));
    }

    private static TimeRange range(Instant from, Instant to) {
        return TimeRange.between(from, to).withZone(BERLIN);
    }

    @Test
    void theRangeBeforeIsAsLongAndAShiftedOneAsFarAway() {
        assertThat(before(Comparison.previousRange())).isEqualTo(range(FROM.minus(Duration.ofHours(6)), FROM));
        assertThat(before(Comparison.shiftedBy(Duration.ofDays(7))))
                .isEqualTo(range(FROM.minus(Duration.ofDays(7)), TO.minus(Duration.ofDays(7))));
        // by the clock of the zone, which was an hour behind
        assertThat(before(Comparison.shiftedBy(Period.ofWeeks(1))))
                .isEqualTo(range(Instant.parse("2026-03-23T23:00:00Z"), Instant.parse("2026-03-24T05:00:00Z")));
    }

    @Test
    void rangeBefore_shiftedBeyondTheCalendar_isRejected() {
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> before(Comparison.shiftedBy(Period.ofYears(Integer.MAX_VALUE))))
                .withMessageContaining("before 1970-01-01");
    }

    @Test
    void comparison_survivesItsText() {
        List<Comparison> all = List.of(
                Comparison.previousRange(),
                Comparison.shiftedBy(Period.ofMonths(14)),
                Comparison.shiftedBy(Period.ofDays(1)),
                Comparison.shiftedBy(Duration.ofDays(1)),
                Comparison.shiftedBy(Duration.ofNanos(1_000)));

        assertThat(all)
                .doesNotHaveDuplicates()
                .extracting(Comparison::toString)
                .containsExactly("previous_period", "P1Y2M", "P1D", "PT24H", "PT0.000001S");
        assertThat(all).allSatisfy(one -> assertThat(Comparison.named(one.toString()))
                .isEqualTo(one)
                .hasSameHashCodeAs(one));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0D", "P-1D", "P1M-1D", "PT0S", "PT-1H", "PT0.0000001S", "next_period"})
    void textThatIsNotEarlier_isRefused(String text) {
        assertThatExceptionOfType(BudMetricsException.class).isThrownBy(() -> Comparison.named(text));
    }
}
