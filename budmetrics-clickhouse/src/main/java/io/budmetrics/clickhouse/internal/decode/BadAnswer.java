package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;

/** The bytes are not an answer in the Native format. */
final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    /** Whether the stream ended too early. */
    private final boolean truncated;

    private BadAnswer(String message, boolean truncated) {
        super(message);
        this.truncated = truncated;
    }

    static BadAnswer truncated() {
        return new BadAnswer("the answer ends in the middle", true);
    }

    static BadAnswer malformed(String message) {
        return new BadAnswer(message, false);
    }

    boolean isTruncated() {
        return truncated;
    }
}
