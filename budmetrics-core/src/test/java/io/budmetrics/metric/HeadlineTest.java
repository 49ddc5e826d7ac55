package io.budmetrics.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.metric.Measures;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A headline that is read without its value is the headline of the value. */
class HeadlineTest {
    private static final int CELLS = 2000;

    static Iterable<Metric<?>> catalogue() {
        return Metrics.all();
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void headline_equalsTheHeadlineOfTheValue(Metric<?> metric) {
        Random random = new Random(20260101);
        int compared = 0;
        for (int i = 0; i < CELLS; i++) {
            Measures measures = measures(random);
            Optional<MetricValue> value = valid(metric, measures);
            if (value.isPresent()) {
                assertThat(metric.headline(measures))
                        .isEqualTo(Double.valueOf(value.get().headline().orElse(Double.NaN)));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(CELLS / 20);
    }

    private static Optional<MetricValue> valid(Metric<?> metric, Measures measures) {
        try {
            return Optional.of(metric.read(measures));
        } catch (BudMetricsException impossibleNumbers) {
            return Optional.empty();
        }
    }

    /** Small numbers, so that zeros and equal ones are frequent. */
    private static Measures measures(Random random) {
        long requests = random.nextInt(5);
        int[] wholes = random.ints(20, 0, 5).toArray();
        boolean[] absent = new boolean[20];
        for (int i = 0; i < absent.length; i++) {
            absent[i] = random.nextInt(4) == 0;
        }
        return new Measures() {
            @Override
            public long requests() {
                return requests;
            }

            @Override
            public long coveredMicros() {
                return 60_000_000;
            }

            @Override
            public boolean isAbsent(int aggregate) {
                return absent[aggregate];
            }

            @Override
            public long longAt(int aggregate) {
                return absent[aggregate] ? 0 : wholes[aggregate];
            }

            @Override
            public double doubleAt(int aggregate) {
                return longAt(aggregate);
            }

            @Override
            public BigDecimal decimalAt(int aggregate) {
                return BigDecimal.valueOf(longAt(aggregate)).setScale(12);
            }

            @Override
            public double elementAt(int aggregate, int element) {
                return longAt(aggregate);
            }
        };
    }
}
