package io.budmetrics.result;

import java.util.List;

/**
 * A group over time.
 *
 * @param group the group
 * @param rows one a period, oldest first
 */
public record Series(Group group, List<Row> rows) {}
