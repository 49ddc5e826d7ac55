package io.budmetrics.metric;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a metric of a question's JSON was given. */
record Parameters(Map<String, Object> values) {
    private static final Duration LONGEST = Duration.ofDays(1);

    static void requireLimit(String field, Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0 || limit.toNanos() % 1000 != 0) {
            throw BudMetricsException.invalidQuery(
                    field + " is " + limit + "; give whole microseconds from PT0.000001S to PT24H");
        }
    }

    /** A limit in whole microseconds: a number that the library generates, which may be written into a statement. */
    static long micros(Duration limit) {
        return limit.toNanos() / 1000;
    }

    /** A limit in a name. */
    static String text(Duration limit) {
        return limit.toNanos() % 1_000_000 == 0 ? limit.toMillis() + "ms" : limit.toNanos() / 1000 + "us";
    }

    Optional<String> text(String name) {
        return value(name, String.class, "a text");
    }

    boolean flag(String name) {
        return value(name, Boolean.class, "true or false").orElse(false);
    }

    OptionalLong whole(String name) {
        Optional<Number> number = value(name, Number.class, "a whole number");
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(number.get() instanceof Integer || number.get() instanceof Long)) {
            throw wrong(name, "a whole number");
        }
        return OptionalLong.of(number.get().longValue());
    }

    /** Written in microseconds. */
    Optional<Duration> duration(String name) {
        OptionalLong micros = whole(name);
        return micros.isPresent() ? Optional.of(Duration.of(micros.getAsLong(), ChronoUnit.MICROS)) : Optional.empty();
    }

    BudMetricsException wrong(String name, String right) {
        return BudMetricsException.invalidQuery("parameters: " + name + " is not valid; give " + right);
    }

    private <T> Optional<T> value(String name, Class<T> type, String right) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrong(name, right);
        }
        return Optional.of(type.cast(value));
    }
}
