package io.budmetrics.clickhouse.embedded;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The requests at work, by the query id of the client; the engine itself makes other ids. */
final class RunningStatements {
    private final ConcurrentMap<String, Running> running = new ConcurrentHashMap<>();

    /** One request at work. */
    final class Running {
        private final String queryId;
        private volatile boolean killed;

        private Running(String queryId) {
            this.queryId = queryId;
        }

        boolean killed() {
            return killed;
        }

        void kill() {
            killed = true;
        }

        /** Frees the query id. Ending twice does nothing. */
        void end() {
            running.remove(queryId, this);
        }
    }

    Running begin(String queryId) throws ServerError {
        Running statement = new Running(queryId);
        if (running.putIfAbsent(queryId, statement) != null) {
            throw ServerError.of(
                    ServerError.QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING,
                    "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
                    "Query with id = " + queryId + " is already running.");
        }
        return statement;
    }

    @Nullable
    Running find(String queryId) {
        return running.get(queryId);
    }
}
