package io.budmetrics.internal.sql;

import java.util.function.Consumer;

/** What a SELECT reads: requests, another SELECT, or several of them one after the other. */
public sealed interface Source permits Scan, Select, UnionAll {
    /** Appends everything from FROM on, without the blanks before it and without the end of its last line. */
    void appendFrom(StringBuilder out, int depth);

    /** About as many characters as it appends, or a few more. */
    int length(int depth);

    /**
     * Every scan, however deep it lies.
     *
     * @param visit is given each
     */
    void forEachScan(Consumer<Scan> visit);
}
