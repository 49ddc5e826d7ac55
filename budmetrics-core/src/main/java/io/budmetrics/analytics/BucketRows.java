package io.budmetrics.analytics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bucket and its rows. Immutable and safe for use by many threads, compared by value. */
public final class BucketRows {
    private final AnalyticsAnswer answer;
    private final int bucket;
    private final List<Row> rows;

    BucketRows(AnalyticsAnswer answer, int bucket, List<Row> rows) {
        this.answer = answer;
        this.bucket = bucket;
        this.rows = rows;
    }

    /**
     * Returns the bucket.
     *
     * @return the bucket
     */
    public Bucket bucket() {
        return answer.bucketAt(bucket);
    }

    int number() {
        return bucket;
    }

    /**
     * Returns the rows of the bucket.
     *
     * @return one a group, in the order of the answer's groups; made when they are read, and unchangeable
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * Returns the values of all metrics for all groups together in this bucket: over all requests that the question keeps,
     * as if they were one group.
     *
     * @return a row whose group is {@link Group#everything}
     * @throws io.budmetrics.error.BudMetricsException INVALID_QUERY when the question does not ask for totals
     */
    public Row total() {
        return answer.total(answer.everything(), bucket);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BucketRows that
                && bucket().equals(that.bucket())
                && rows.equals(that.rows)
                && answer.question().withTotals() == that.answer.question().withTotals()
                && (!answer.question().withTotals() || total().equals(that.total()));
    }

    @Override
    public int hashCode() {
        return 31 * bucket().hashCode() + rows.hashCode();
    }

    @Override
    public String toString() {
        return "BucketRows[" + bucket() + ", " + rows + "]";
    }
}
