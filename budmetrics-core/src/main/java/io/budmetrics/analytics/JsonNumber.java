package io.budmetrics.analytics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number in JSON that keeps every digit and is never in scientific notation. */
final class JsonNumber {
    private final @Nullable BigDecimal value;

    private JsonNumber(@Nullable BigDecimal value) {
        this.value = value;
    }

    static JsonNumber of(Number number) {
        return new JsonNumber(
                number instanceof BigDecimal decimal
                        ? decimal
                        : number instanceof Double real
                                ? BigDecimal.valueOf(real)
                                : BigDecimal.valueOf(number.longValue()));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JsonNumber read(BigDecimal number) {
        return new JsonNumber(number);
    }

    /** A field this version does not know may hold a text. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JsonNumber ignored(String text) {
        return new JsonNumber(null);
    }

    /** A field this version does not know may hold a flag. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JsonNumber ignored(boolean flag) {
        return new JsonNumber(null);
    }

    /** A field this version does not know may hold a list. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JsonNumber ignored(List<Object> list) {
        return new JsonNumber(null);
    }

    @Nullable
    public BigDecimal value() {
        return value;
    }

    /** A number proper where its text is plain, so that a tree of the answer holds numbers too. */
    @JsonValue
    @Nullable
    Object json() {
        if (value == null) {
            return null;
        }
        String plain = value.toPlainString();
        return plain.equals(value.toString()) ? value : new Plain(plain);
    }

    /** Digits as they stand. */
    private record Plain(@JsonValue @JsonRawValue String digits) {}
}
