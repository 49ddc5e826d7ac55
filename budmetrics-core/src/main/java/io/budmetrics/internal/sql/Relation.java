package io.budmetrics.internal.sql;

import java.util.List;

/**
 * Something with the logical columns of requests that a scan can read: a table that has them, or the translation of a
 * layout's tables, which a WITH clause defines.
 *
 * @param name what stands after FROM
 * @param definition the item of the WITH clause, without the blanks of its first line; empty for a table
 * @param tables the tables at the server
 */
public record Relation(String name, String definition, List<String> tables) {
    /**
     * Whether a WITH clause has to define it.
     *
     * @return false for a table
     */
    public boolean isTranslated() {
        return !definition.isEmpty();
    }
}
