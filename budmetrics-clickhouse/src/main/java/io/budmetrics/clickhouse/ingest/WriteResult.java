package io.budmetrics.clickhouse.ingest;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import java.util.List;
import java.util.Objects;

/** What became of each record of one call. Immutable. */
public final class WriteResult {
    private final int size;
    private final List<Unwritten> unwritten;

    WriteResult(int size, List<Unwritten> unwritten) {
        this.size = size;
        this.unwritten = List.copyOf(unwritten);
    }

    /**
     * How many records were given.
     *
     * @return 0 or more
     */
    public int size() {
        return size;
    }

    /**
     * How many records are stored.
     *
     * @return 0 to {@link #size}
     */
    public int written() {
        return size - refused() - unknown();
    }

    /**
     * How many records are not stored, since the server said no.
     *
     * @return 0 to {@link #size}
     */
    public int refused() {
        return count(Outcome.REFUSED);
    }

    /**
     * How many records may be stored or not.
     *
     * @return 0 to {@link #size}
     */
    public int unknown() {
        return count(Outcome.UNKNOWN);
    }

    private int count(Outcome outcome) {
        return unwritten.stream()
                .filter(piece -> piece.outcome() == outcome)
                .mapToInt(piece -> piece.records().size())
                .sum();
    }

    /**
     * Whether all records are stored.
     *
     * @return true when nothing is left to do
     */
    public boolean complete() {
        return unwritten.isEmpty();
    }

    /**
     * The records that are not stored, or not known to be.
     *
     * @return an item for each piece that failed; empty when all is stored
     */
    public List<Unwritten> unwritten() {
        return unwritten;
    }

    /**
     * What became of one record.
     *
     * @param position where it stood among those that were given, from 0
     * @return its outcome
     */
    public Outcome outcome(int position) {
        Objects.checkIndex(position, size);
        for (Unwritten piece : unwritten) {
            if (piece.holds(position)) {
                return piece.outcome();
            }
        }
        return Outcome.WRITTEN;
    }

    /**
     * Turns anything but success into an exception.
     *
     * @return how many records are stored: all of them
     * @throws BudMetricsException the reason of the first piece that failed, with the numbers of this result
     */
    @CanIgnoreReturnValue
    public int orThrow() {
        if (unwritten.isEmpty()) {
            return size;
        }
        BudMetricsException reason = unwritten.get(0).reason();
        if (unwritten.get(0).records().size() == size) {
            throw reason;
        }
        BudMetricsException told = BudMetricsException.of(
                reason.code(),
                written() + " of " + size + " records were written, " + refused() + " refused, " + unknown()
                        + " are not known to be stored; " + reason.getMessage(),
                reason);
        throw reason.queryId().isEmpty()
                ? told
                : told.forStatement(reason.queryId().get(), reason.serverCode().orElse(0), reason.retryable());
    }

    @Override
    public String toString() {
        return "WriteResult[written=" + written() + ", refused=" + refused() + ", unknown=" + unknown() + "]";
    }
}
