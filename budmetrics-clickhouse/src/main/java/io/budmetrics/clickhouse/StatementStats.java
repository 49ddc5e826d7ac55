package io.budmetrics.clickhouse;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The time and the amount of data of one statement, stage by stage. Immutable.
 *
 * @param queryId the id under which the server knows it
 * @param times how long its stages took
 * @param rows rows of the result
 * @param rowsRead rows the server scanned
 * @param bytesRead bytes the server scanned, uncompressed
 * @param tags those of the client, by name
 */
public record StatementStats(
        String queryId, Times times, long rows, long rowsRead, long bytesRead, Map<String, String> tags) {
    /**
     * How long the stages of a statement took.
     *
     * @param build writing its text; zero for a statement that the caller wrote
     * @param waiting getting a connection, sending it, tries that failed, and the server's work
     * @param transfer reading and decoding the answer
     * @param map turning columns into the answer
     */
    public record Times(Duration build, Duration waiting, Duration transfer, Duration map) {
        /** Refuses null. */
        public Times {
            Objects.requireNonNull(build, "build is null");
            Objects.requireNonNull(waiting, "waiting is null");
            Objects.requireNonNull(transfer, "transfer is null");
            Objects.requireNonNull(map, "map is null");
        }

        /**
         * Returns the time of all stages together.
         *
         * @return their sum
         */
        public Duration total() {
            return build.plus(waiting).plus(transfer).plus(map);
        }
    }

    /** Copies the tags. */
    public StatementStats {
        Objects.requireNonNull(queryId, "queryId is null");
        Objects.requireNonNull(times, "times is null");
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
