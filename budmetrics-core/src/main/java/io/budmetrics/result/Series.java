package io.budmetrics.result;

import java.util.List;
import java.util.Objects;

/**
 * A group over time.
 *
 * @param group the group
 * @param rows one a period, oldest first; made when they are read, and unchangeable
 */
public record Series(Group group, List<Row> rows) {
    public Series {
        Objects.requireNonNull(group, "group is null");
        Objects.requireNonNull(rows, "rows is null");
    }
}
