package io.budmetrics.analytics;

import com.google.errorprone.annotations.Immutable;
import io.budmetrics.internal.sql.StatementDraft;
import java.util.Locale;

/** A moment of a range that a statement goes over. Each is a parameter, and the statement refers to some of them often. */
enum Moment {
    FROM,
    TO,
    /** Where the bucket before the range starts. */
    BEFORE_FROM,
    /** Where the first bucket of the range starts. */
    BUCKET_START,
    /** The first moment that requests in flight are read from. */
    LOOK_BACK_FROM,
    /** The same where the bucket before the range is read too. */
    BEFORE_LOOK_BACK_FROM;

    private final Parameter own;
    private final Parameter compared;

    Moment() {
        String name = name().toLowerCase(Locale.ROOT);
        this.own = Parameter.of(name);
        this.compared = Parameter.of(ResultColumns.COMPARED + '_' + name);
    }

    /** Its parameter in the range of the question, or in the one that it is compared with. */
    Parameter parameter(boolean ofCompared) {
        return ofCompared ? compared : own;
    }

    /**
     * A moment of one of the ranges.
     *
     * @param name of the parameter
     * @param reference to the parameter
     * @param micros the same in microseconds since 1970
     */
    @Immutable
    record Parameter(String name, String reference, String micros) {
        private static Parameter of(String name) {
            String reference = StatementDraft.instant(name);
            return new Parameter(name, reference, "toUnixTimestamp64Micro(" + reference + ")");
        }
    }
}
