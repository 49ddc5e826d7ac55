package io.budmetrics.clickhouse.migrate;

import io.budmetrics.schema.Column;
import io.budmetrics.schema.Table;
import io.budmetrics.schema.Table.SkipIndex;
import java.util.Map;

/**
 * A table as the server has it.
 *
 * @param storage engine, TTL and settings
 * @param partitionKey as the server writes it
 * @param sortingKey its expressions, separated by a comma and a space
 * @param primaryKey likewise
 * @param columns by name
 * @param indexes by name
 */
record LiveTable(
        StorageClauses storage,
        String partitionKey,
        String sortingKey,
        String primaryKey,
        Map<String, Column> columns,
        Map<String, SkipIndex> indexes) {

    /** Whether rows are kept, cut and ordered as they should be, which no ALTER can correct. */
    boolean isLike(Table table) {
        return storage.engine().equals(table.engine())
                && partitionKey.equals(table.partitionBy())
                && sortingKey.equals(String.join(", ", table.orderBy()));
    }

    /** What comes without parentheses for several expressions may come with them for one. */
    static String withoutParentheses(String key) {
        return key.startsWith("(") && key.indexOf(')') == key.length() - 1 ? key.substring(1, key.length() - 1) : key;
    }

    /** Codecs come with the word. */
    static String withoutCodec(String codec) {
        return codec.startsWith("CODEC(") ? codec.substring(6, codec.length() - 1) : codec;
    }
}
