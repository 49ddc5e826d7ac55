package io.budmetrics.clickhouse.embedded;

/**
 * What the engine says a statement did. Rows read are unknown (negative) for a streamed result: the engine counts them
 * only between two fetches and loses what it read before the first and during the last.
 */
record QueryStatistics(
        long readRows,
        long readBytes,
        long writtenRows,
        long writtenBytes,
        long resultRows,
        long resultBytes,
        long elapsedNanos) {

    static final long UNKNOWN = -1;

    /** The summary header: a JSON object whose numbers are strings; what is unknown is left out. */
    String summary() {
        StringBuilder json = new StringBuilder("{");
        append(json, "read_rows", readRows);
        append(json, "read_bytes", readBytes);
        append(json, "written_rows", writtenRows);
        append(json, "written_bytes", writtenBytes);
        append(json, "result_rows", resultRows);
        append(json, "result_bytes", resultBytes);
        append(json, "elapsed_ns", elapsedNanos);
        return json.append('}').toString();
    }

    private static void append(StringBuilder json, String name, long value) {
        if (value == UNKNOWN) {
            return;
        }
        if (json.length() > 1) {
            json.append(',');
        }
        json.append('"').append(name).append("\":\"").append(value).append('"');
    }
}
