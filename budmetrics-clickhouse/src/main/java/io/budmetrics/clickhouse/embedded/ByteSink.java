package io.budmetrics.clickhouse.embedded;

import java.io.IOException;

/** Takes the bytes of a result, part by part; the array is reused after the call. */
@FunctionalInterface
interface ByteSink {
    void accept(byte[] bytes, int length) throws IOException;
}
