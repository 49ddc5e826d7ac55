package io.budmetrics.metric;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Between optional values and the nullable numbers of JSON. */
final class Fields {
    static final String SAMPLE_SIZE = "sample_size";

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
}
