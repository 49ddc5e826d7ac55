package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Between optional values and the nullable numbers of JSON. */
final class Fields {
    static final String SAMPLE_SIZE = "sample_size";
    static final String COVERED_SECONDS = "covered_seconds";

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

    static OptionalDouble ratio(long part, long whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
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
