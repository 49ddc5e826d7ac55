package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.metric.MetricValue.Absence;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Between optional values and the nullable numbers of JSON, and what numbers a value may have. */
final class Fields {
    static final String SAMPLE_SIZE = "sample_size";
    static final String COVERED_SECONDS = "covered_seconds";
    static final String RATE = "rate";
    static final int MONEY_SCALE = 12;

    private Fields() {}

    static @Nullable Number orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    static @Nullable Number orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    static @Nullable Number percentOrNull(OptionalDouble ratio) {
        return ratio.isPresent() ? ratio.getAsDouble() * 100 : null;
    }

    static long wholeOrZero(Map<String, @Nullable BigDecimal> fields, String name) {
        BigDecimal value = fields.get(name);
        return value == null ? 0 : value.longValueExact();
    }

    static OptionalDouble optional(Map<String, @Nullable BigDecimal> fields, String name) {
        BigDecimal value = fields.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
    }

    static double realOrZero(Map<String, @Nullable BigDecimal> fields, String name) {
        BigDecimal value = fields.get(name);
        return value == null ? 0 : value.doubleValue();
    }

    static BigDecimal decimalOrZero(Map<String, @Nullable BigDecimal> fields, String name) {
        BigDecimal value = fields.get(name);
        return value == null ? BigDecimal.ZERO : value;
    }

    /** A count over the sample, which is no 0 where requests arrived and none is in the sample. */
    static OptionalLong known(long count, long sampleSize, long requests) {
        return sampleSize == 0 && requests > 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }

    static OptionalDouble ratio(long part, long whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
    }

    static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw BudMetricsException.invalidQuery(name + " is " + value + "; give 0 or more");
        }
    }

    static void requirePart(String name, long value, String wholeName, long whole) {
        if (value < 0 || value > whole) {
            throw BudMetricsException.invalidQuery(name + " is " + value + " and " + wholeName + " " + whole
                    + "; give 0 or more, and no more than " + wholeName);
        }
    }

    static void requireMeasure(String name, OptionalDouble value) {
        Objects.requireNonNull(value, () -> name + " is null");
        if (value.isPresent()) {
            requireMeasure(name, value.getAsDouble());
        }
    }

    static void requireMeasure(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw BudMetricsException.invalidQuery(name + " is " + value + "; give a finite number of 0 or more");
        }
    }

    static void requireSeconds(double coveredSeconds) {
        if (!(coveredSeconds > 0 && coveredSeconds < Double.POSITIVE_INFINITY)) {
            throw BudMetricsException.invalidQuery(
                    "coveredSeconds is " + coveredSeconds + "; give a finite number above 0");
        }
    }

    /** An amount with the decimals that every price has. */
    static BigDecimal money(BigDecimal sum) {
        Objects.requireNonNull(sum, "sum is null");
        if (sum.scale() == MONEY_SCALE) {
            return sum;
        }
        if (sum.stripTrailingZeros().scale() > MONEY_SCALE) {
            throw BudMetricsException.invalidQuery("sum has more than " + MONEY_SCALE + " decimals; give no more");
        }
        return sum.setScale(MONEY_SCALE);
    }

    /** Why a value is absent whose sample is known. */
    static Optional<Absence> absence(boolean present, long requests, long sampleSize) {
        return absence(present, requests, sampleSize, 0);
    }

    static Optional<Absence> absence(boolean present, long requests, long sampleSize, long minimumSample) {
        if (present) {
            return Optional.empty();
        }
        if (requests == 0) {
            return Optional.of(Absence.NO_TRAFFIC);
        }
        if (sampleSize == 0) {
            return Optional.of(Absence.NOT_MEASURED);
        }
        return Optional.of(sampleSize < minimumSample ? Absence.TOO_FEW : Absence.UNDEFINED);
    }
}
