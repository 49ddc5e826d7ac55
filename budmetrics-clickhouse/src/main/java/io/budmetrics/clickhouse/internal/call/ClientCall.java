package io.budmetrics.clickhouse.internal.call;

import com.clickhouse.client.api.Client;

/**
 * Work with the client of one borrowed driver connection.
 *
 * @param <T> what it yields
 */
@FunctionalInterface
public interface ClientCall<T> {
    /**
     * Does the work. The client must not be closed and not be kept.
     *
     * @param client the driver's client of the borrowed connection
     * @return the outcome
     * @throws Exception anything; the caller gets it as a {@link io.budmetrics.error.BudMetricsException}
     */
    T run(Client client) throws Exception;
}
