package io.budmetrics.analytics;

/** The names of the columns every analytics statement has beside dimensions and aggregates. */
final class ResultColumns {
    /** Start of the bucket in microseconds since 1970. */
    public static final String BUCKET = "bucket";
    /** Requests that arrived. */
    public static final String REQUEST_COUNT = "request_count";
    /** Whether the row is of the group of others; only with a ranking. */
    public static final String IS_OTHERS = "is_others";
    /**
     * What a row is about: 0 for a group in a bucket, 1 for a group over the whole range, 2 for all groups in a bucket, 3 for
     * everything; only with totals.
     */
    public static final String TOTALS = "totals";
    /** 0 for the range of the question, 1 for the one it is compared with; only where there is one. */
    public static final String COMPARED = "compared";
    /** 0 for requests that arrived, 1 for those in flight; only where both are asked for. */
    public static final String PART = "part";

    private ResultColumns() {}
}
