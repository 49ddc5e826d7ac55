package io.budmetrics.internal.metric;

import java.math.BigDecimal;

/** The aggregates of one metric in one cell, by their position in {@link Measurement#aggregates()}. */
public interface Measures {
    /**
     * How many requests arrived.
     *
     * @return 0 or more
     */
    long requests();

    /**
     * How much of the bucket the question covers.
     *
     * @return microseconds, more than 0
     */
    long coveredMicros();

    /**
     * How much of the bucket the question covers.
     *
     * @return seconds, more than 0
     */
    default double coveredSeconds() {
        return coveredMicros() / 1_000_000.0;
    }

    /**
     * Whether the aggregate has no value here.
     *
     * @param aggregate position from 0
     * @return true when it is null, or when no row of its population exists
     */
    boolean isAbsent(int aggregate);

    /**
     * A whole number.
     *
     * @param aggregate position from 0
     * @return the number; 0 when absent
     */
    long longAt(int aggregate);

    /**
     * A floating-point number.
     *
     * @param aggregate position from 0
     * @return the number; 0 when absent
     */
    double doubleAt(int aggregate);

    /**
     * A decimal number.
     *
     * @param aggregate position from 0
     * @return the number; zero when absent
     */
    BigDecimal decimalAt(int aggregate);

    /**
     * An element of an array.
     *
     * @param aggregate position from 0
     * @param element position in the array, from 0
     * @return the number
     */
    double elementAt(int aggregate, int element);
}
