package io.budmetrics.internal.record;

import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;

/** Takes the values of one column, record by record; what is written depends on the type of the column. */
public interface ColumnSink {
    /** Takes a value that the record does not have. */
    void absent();

    /**
     * Takes an id.
     *
     * @param value the id
     */
    void id(UUID value);

    /**
     * Takes a time.
     *
     * @param value the instant, to the microsecond
     */
    void time(Instant value);

    /**
     * Takes a flag.
     *
     * @param value true or false
     */
    void flag(boolean value);

    /**
     * Takes a whole number, or the digits of a decimal with the scale of the column.
     *
     * @param value a number that fits into the column
     */
    void whole(long value);

    /**
     * Takes a binary fraction.
     *
     * @param value the number
     */
    void real(double value);

    /**
     * Takes a text.
     *
     * @param value valid Unicode
     */
    void text(String value);

    /**
     * Takes an address.
     *
     * @param value of either version
     */
    void address(InetAddress value);
}
