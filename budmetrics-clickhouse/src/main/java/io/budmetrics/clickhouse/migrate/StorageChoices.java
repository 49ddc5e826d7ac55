package io.budmetrics.clickhouse.migrate;

import io.budmetrics.schema.Column;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an installation chooses for its tables, beside what the library describes: how long rows stay, and how columns are
 * compressed.
 *
 * @param retentionDays by the table's name; a table that is not named keeps its rows for ever
 * @param codecs by the table's name, then by the column's
 */
record StorageChoices(Map<String, Long> retentionDays, Map<String, Map<String, String>> codecs) {
    static final StorageChoices NONE = new StorageChoices(Map.of(), Map.of());

    StorageChoices {
        retentionDays = Map.copyOf(retentionDays);
        Map<String, Map<String, String>> copies = new HashMap<>();
        codecs.forEach((table, byColumn) -> copies.put(table, Map.copyOf(byColumn)));
        codecs = Map.copyOf(copies);
    }

    StorageChoices withRetention(Table table, Duration retention) {
        Map<String, Long> days = new HashMap<>(retentionDays);
        days.put(table.name(), retention.toDays());
        return new StorageChoices(days, codecs);
    }

    StorageChoices withCodec(Table table, Column column, String codec) {
        Map<String, Map<String, String>> all = new HashMap<>(codecs);
        Map<String, String> ofTable = new HashMap<>(codecs.getOrDefault(table.name(), Map.of()));
        ofTable.put(column.name(), codec);
        all.put(table.name(), ofTable);
        return new StorageChoices(retentionDays, all);
    }

    /** The tables as they should be at the server. */
    List<Table> appliedTo(Schema schema) {
        return schema.tables().stream().map(this::appliedTo).toList();
    }

    private Table appliedTo(Table table) {
        Map<String, String> ofTable = codecs.getOrDefault(table.name(), Map.of());
        List<Column> columns = table.columns().stream()
                .map(column -> {
                    String codec = ofTable.get(column.name());
                    return codec == null ? column : column.withCodec(codec);
                })
                .toList();
        long days = retentionDays.getOrDefault(table.name(), 0L);
        String ttl = table.time()
                .filter(time -> days > 0)
                .map(time -> time.name() + " + toIntervalDay(" + days + ")")
                .orElse(table.ttl());
        return table.toBuilder().columns(columns).ttl(ttl).build();
    }
}
