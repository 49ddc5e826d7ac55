package io.budmetrics.clickhouse.ingest;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.record.InferenceRecord;
import java.util.Arrays;
import java.util.List;

/**
 * Records that are sent together.
 *
 * @param taken what is sent
 * @param first the number of the first record in the buffer that they were added to
 * @param deadline until when they may be sent, by System.nanoTime()
 */
record Batch(BatchQueue.Taken taken, long first, long deadline) {
    /** The result of a writer that threw instead of giving one: whether the records are stored is not known. */
    WriteResult failed(Throwable thrown) {
        List<InferenceRecord> records = taken.records();
        int[] positions = new int[records.size()];
        Arrays.setAll(positions, i -> i);
        BudMetricsException reason;
        if (thrown instanceof BudMetricsException ours) {
            reason = ours;
        } else if (thrown instanceof IllegalStateException) {
            reason = BudMetricsException.of(ErrorCode.QUERY_CANCELLED, String.valueOf(thrown.getMessage()), thrown);
        } else {
            reason = BudMetricsException.of(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "the records could not be sent: " + thrown.getClass().getSimpleName(),
                    thrown);
        }
        return new WriteResult(records.size(), List.of(new Unwritten(Outcome.UNKNOWN, records, positions, "", reason)));
    }
}
