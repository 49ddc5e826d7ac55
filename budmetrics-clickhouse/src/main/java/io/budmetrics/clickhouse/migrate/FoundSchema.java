package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.schema.Table;
import io.budmetrics.schema.Table.SkipIndex;
import io.budmetrics.sql.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server has of a schema.
 *
 * @param databaseExists whether the database is there
 * @param tables the tables of our names, by name
 * @param recorded the steps of our record, by version and checksum, each as it was left; ordered by version
 */
record FoundSchema(boolean databaseExists, Map<String, LiveTable> tables, List<RecordedStep> recorded) {
    private static final String HISTORY = Schema.history().name();
    private static final Pattern QUOTED_NAME =
            Pattern.compile("`([A-Za-z_][A-Za-z0-9_]*)`|\"([A-Za-z_][A-Za-z0-9_]*)\"");

    /**
     * A step that the record knows.
     *
     * @param version its place in the history
     * @param name what it does, as it was recorded
     * @param checksum the fingerprint of its templates
     * @param attempt how often it was begun
     * @param finished whether the last attempt came to its end
     */
    record RecordedStep(int version, String name, String checksum, int attempt, boolean finished) {
        boolean isOf(MigrationStep step) {
            return version == step.version() && checksum.equals(step.checksum());
        }
    }

    /** Tables first, record second: a step is recorded before its tables are created. */
    static FoundSchema read(DriverClient driver, Schema schema, String database) {
        // plain identifiers of the library, and one that was checked to be such
        String where = database.isEmpty() ? "currentDatabase()" : "'" + database + "'";
        String names = Stream.concat(
                        Stream.of(HISTORY),
                        Stream.concat(
                                schema.tables().stream().map(Table::name),
                                schema.steps().stream().flatMap(step -> step.tables().stream())))
                .distinct()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
        boolean databaseExists = driver.query("SELECT name\nFROM system.databases\nWHERE name = " + where, List.of())
                        .rowCount()
                > 0;
        Map<String, LiveTable> tables = tables(driver, where, names);
        LiveTable history = tables.get(HISTORY);
        boolean readable = history != null && hasColumnsOfHistory(history);
        return new FoundSchema(databaseExists, tables, readable ? recorded(driver, database) : List.of());
    }

    /** A table of this name that is not the record cannot be read as one. */
    static boolean hasColumnsOfHistory(LiveTable history) {
        return Schema.history().columns().stream().allMatch(column -> {
            Column live = history.columns().get(column.name());
            return live != null && live.type().equals(column.type());
        });
    }

    private static Map<String, LiveTable> tables(DriverClient driver, String where, String names) {
        Columns found = driver.query(
                "SELECT\n    name,\n    engine_full,\n    partition_key,\n    sorting_key,\n    primary_key"
                        + "\nFROM system.tables\nWHERE database = " + where + "\n  AND name IN (" + names + ")",
                List.of());
        // after the tables, or a table that is being created would seem to have no columns
        Map<String, Map<String, Column>> columns = columns(driver, where, names);
        Map<String, Map<String, SkipIndex>> indexes = indexes(driver, where, names);
        Map<String, LiveTable> tables = new HashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            String name = text(found, "name", row);
            tables.put(
                    name,
                    new LiveTable(
                            StorageClauses.parse(sql(found, "engine_full", row)),
                            sql(found, "partition_key", row),
                            LiveTable.withoutParentheses(sql(found, "sorting_key", row)),
                            LiveTable.withoutParentheses(sql(found, "primary_key", row)),
                            columns.getOrDefault(name, Map.of()),
                            indexes.getOrDefault(name, Map.of())));
        }
        return tables;
    }

    private static Map<String, Map<String, Column>> columns(DriverClient driver, String where, String names) {
        Columns found = driver.query(
                "SELECT\n    table,\n    name,\n    type,\n    compression_codec,\n    default_kind,"
                        + "\n    default_expression\nFROM system.columns\nWHERE database = " + where
                        + "\n  AND table IN (" + names + ")\nORDER BY\n    table,\n    position",
                List.of());
        Map<String, Map<String, Column>> columns = new HashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            String kind = text(found, "default_kind", row);
            String expression = sql(found, "default_expression", row);
            String name = text(found, "name", row);
            columns.computeIfAbsent(text(found, "table", row), table -> new LinkedHashMap<>())
                    .put(
                            name,
                            new Column(
                                    name,
                                    text(found, "type", row),
                                    LiveTable.withoutCodec(text(found, "compression_codec", row)),
                                    kind.isEmpty() || kind.equals("DEFAULT") ? expression : kind + " " + expression));
        }
        return columns;
    }

    private static Map<String, Map<String, SkipIndex>> indexes(DriverClient driver, String where, String names) {
        Columns found = driver.query(
                "SELECT\n    table,\n    name,\n    expr,\n    type_full,\n    granularity"
                        + "\nFROM system.data_skipping_indices\nWHERE database = " + where
                        + "\n  AND table IN (" + names + ")\nORDER BY\n    table,\n    name",
                List.of());
        Map<String, Map<String, SkipIndex>> indexes = new HashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            String name = text(found, "name", row);
            int granularity = Math.toIntExact(found.longAt(found.indexOf("granularity"), row));
            indexes.computeIfAbsent(text(found, "table", row), table -> new LinkedHashMap<>())
                    .put(
                            name,
                            new SkipIndex(name, sql(found, "expr", row), text(found, "type_full", row), granularity));
        }
        return indexes;
    }

    private static List<RecordedStep> recorded(DriverClient driver, String database) {
        String target = database.isEmpty() ? HISTORY : database + "." + HISTORY;
        Columns found = driver.query(
                "SELECT\n    version,\n    checksum,\n    attempt,\n    any(name) AS step_name,"
                        + "\n    max(finished) AS ended\nFROM " + target
                        + "\nGROUP BY\n    version,\n    checksum,\n    attempt"
                        + "\nORDER BY\n    version,\n    checksum,\n    attempt",
                List.of());
        Map<String, RecordedStep> steps = new LinkedHashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            int version = Math.toIntExact(found.longAt(found.indexOf("version"), row));
            String checksum = text(found, "checksum", row);
            // ordered by attempt: the last one stays
            steps.put(
                    version + " " + checksum,
                    new RecordedStep(
                            version,
                            text(found, "step_name", row),
                            checksum,
                            Math.toIntExact(found.longAt(found.indexOf("attempt"), row)),
                            found.longAt(found.indexOf("ended"), row) != 0));
        }
        return new ArrayList<>(steps.values());
    }

    /** SQL of the server as our descriptions have it: a setting of the profile decides which names it writes in quotes. */
    private static String sql(Columns columns, String name, int row) {
        return QUOTED_NAME.matcher(text(columns, name, row)).replaceAll("$1$2");
    }

    private static String text(Columns columns, String name, int row) {
        return columns.textAt(columns.indexOf(name), row);
    }
}
