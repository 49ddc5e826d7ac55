package io.budmetrics.clickhouse.ingest;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.record.InferenceRecord;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Records that went to the server together and are not stored, or not as far as the writer knows. To try again, write
 * {@link #records}: they count once even when the first try did reach the server. Immutable.
 */
public final class Unwritten {
    private final Outcome outcome;
    private final List<InferenceRecord> records;
    private final int[] positions;
    private final String token;
    private final BudMetricsException reason;

    Unwritten(
            Outcome outcome, List<InferenceRecord> records, int[] positions, String token, BudMetricsException reason) {
        this.outcome = outcome;
        this.records = List.copyOf(records);
        this.positions = positions;
        this.token = token;
        this.reason = reason;
    }

    /**
     * What became of them.
     *
     * @return REFUSED or UNKNOWN, the same for all
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * The records.
     *
     * @return one or more, in the order in which they were given
     */
    public List<InferenceRecord> records() {
        return records;
    }

    /**
     * Where the records stood among those that were given.
     *
     * @return positions from 0, ascending, one for each record
     */
    public IntStream positions() {
        return Arrays.stream(positions);
    }

    /**
     * Returns a hash of the inferences in the piece: of their projects, arrival times and ids, in order, so that it is the
     * same in every process. The writer's log has it, and the server's log with the insert.
     *
     * @return a text without spaces; empty when the records never came that far
     */
    public String token() {
        return token;
    }

    /**
     * Why they are not stored, or not known to be.
     *
     * @return the last error; <code>retryable()</code> says whether trying again may help
     */
    public BudMetricsException reason() {
        return reason;
    }

    boolean holds(int position) {
        return Arrays.binarySearch(positions, position) >= 0;
    }

    /** Never the records. */
    @Override
    public String toString() {
        return outcome + " " + records.size() + " records, token " + token + ", " + reason.getMessage();
    }
}
