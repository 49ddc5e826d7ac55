package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.migrate.FoundSchema.RecordedStep;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.Schema;
import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.schema.Table;
import io.budmetrics.schema.Table.SkipIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is expected at a server, and which statements lead there from what was found. It computes and asks nobody, and it
 * knows no table by name but the record: what is expected comes from the schema.
 *
 * <p>A plan has four parts. The database and the record are created where they are missing. Then every step that is due
 * is recorded as begun, all of them before anything runs, so that a migration that is cut off never leaves a table that
 * the record does not know. Then each step's statements run, and the step is recorded as finished. Last, TTL and codecs
 * are brought to what the installation chose. A step is due when it was not finished, or when a table that it names is
 * gone although the schema still has it; since every statement may be run twice, a plan may be cut off anywhere.
 *
 * @param schema steps and tables
 * @param database where they lie; empty for the database of the connection
 * @param choices how long rows stay and how columns are compressed, where the installation chose
 */
record SchemaPlan(Schema schema, String database, StorageChoices choices) {
    private static final Table HISTORY = Schema.history();
    private static final String DEFAULT_GRANULARITY = "index_granularity";

    /** A recorded name is shown only when it is one that a step may have. */
    private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z0-9_ ]{1,80}");

    /** What brings the server from where it is to where it should be; refused when what is there is not ours. */
    List<String> statements(FoundSchema found) {
        Set<Integer> due = due(found);
        refuse(found, due);

        List<String> statements = new ArrayList<>();
        if (!database.isEmpty() && !found.databaseExists()) {
            statements.add("CREATE DATABASE IF NOT EXISTS " + database);
        }
        if (!found.tables().containsKey(HISTORY.name())) {
            statements.add(HISTORY.createStatement(database));
        }
        // all that is due is recorded before anything runs, so that a cut never leaves a table that is not known
        for (MigrationStep step : schema.steps()) {
            if (due.contains(step.version()) && !begun(found, step)) {
                statements.add(record(step, attempt(found, step), false));
            }
        }
        for (MigrationStep step : schema.steps()) {
            if (due.contains(step.version())) {
                statements.addAll(step.statements(database));
                statements.add(record(step, attempt(found, step), true));
            }
        }
        for (Table expected : expected()) {
            statements.addAll(reconciliation(expected, found, due));
        }
        return List.copyOf(statements);
    }

    /** The versions of the steps that were not finished, or one of whose tables is gone. */
    private Set<Integer> due(FoundSchema found) {
        Set<Integer> due = new HashSet<>();
        for (MigrationStep step : schema.steps()) {
            boolean finished = recorded(found, step).map(RecordedStep::finished).orElse(false);
            if (!finished || step.tables().stream().anyMatch(table -> isGone(found, table))) {
                due.add(step.version());
            }
        }
        return due;
    }

    /** A table that a later step removed is not missed. */
    private boolean isGone(FoundSchema found, String table) {
        return !found.tables().containsKey(table)
                && schema.tables().stream().anyMatch(kept -> kept.name().equals(table));
    }

    private static Optional<RecordedStep> recorded(FoundSchema found, MigrationStep step) {
        return found.recorded().stream().filter(one -> one.isOf(step)).findFirst();
    }

    private static boolean begun(FoundSchema found, MigrationStep step) {
        return recorded(found, step).map(one -> !one.finished()).orElse(false);
    }

    /** An attempt that was cut off goes on; after a finished one, whose table is gone, comes another. */
    private static int attempt(FoundSchema found, MigrationStep step) {
        return recorded(found, step)
                .map(one -> one.finished() ? one.attempt() + 1 : one.attempt())
                .orElse(1);
    }

    /** Its values are constants of the library, plain words, numbers and hexadecimal digits. */
    private String record(MigrationStep step, int attempt, boolean finished) {
        return "INSERT INTO " + qualified(HISTORY) + " (version, name, checksum, attempt, finished)"
                + " SETTINGS async_insert = 0\nVALUES (" + step.version() + ", '" + step.name() + "', '"
                + step.checksum() + "', " + attempt + ", " + finished + ")";
    }

    private String qualified(Table table) {
        return database.isEmpty() ? table.name() : database + "." + table.name();
    }

    /** The tables as they should be, what the installation chose included. */
    private List<Table> expected() {
        return choices.appliedTo(schema);
    }

    /** The ALTERs that bring codecs and TTL to what was chosen; they run after the steps. */
    private List<String> reconciliation(Table expected, FoundSchema found, Set<Integer> due) {
        LiveTable live = found.tables().get(expected.name());
        Table base = schema.tables().stream()
                .filter(table -> table.name().equals(expected.name()))
                .findFirst()
                .orElse(expected);
        boolean stepsAhead = stepsAhead(expected, due);
        List<String> columns = new ArrayList<>();
        for (Column column : expected.columns()) {
            Column now = live == null ? null : live.columns().get(column.name());
            if (now == null && stepsAhead) {
                now = base.columns().stream()
                        .filter(one -> one.name().equals(column.name()))
                        .findFirst()
                        .orElse(null);
            }
            // a column that is missing without a step to add it is for verify() to tell
            if (now != null && !now.codec().equals(column.codec())) {
                columns.add("\n    MODIFY COLUMN " + column.name()
                        + (column.codec().isEmpty() ? " REMOVE CODEC" : " CODEC(" + column.codec() + ")"));
            }
        }
        List<String> statements = new ArrayList<>();
        if (!columns.isEmpty()) {
            statements.add("ALTER TABLE " + qualified(expected) + String.join(",", columns));
        }
        String ttl = live == null ? base.ttl() : live.storage().ttl();
        if (!ttl.equals(expected.ttl())) {
            statements.add("ALTER TABLE " + qualified(expected)
                    + (expected.ttl().isEmpty()
                            ? "\n    REMOVE TTL"
                            // parts that are never merged again would otherwise stay for ever
                            : "\n    MODIFY TTL " + expected.ttl() + "\nSETTINGS materialize_ttl_after_modify = 1"));
        }
        return statements;
    }

    private boolean stepsAhead(Table table, Set<Integer> due) {
        return schema.steps().stream()
                .anyMatch(step -> due.contains(step.version()) && step.tables().contains(table.name()));
    }

    /** Throws when what was found is not ours, or newer than the library. */
    void refuse(FoundSchema found) {
        refuse(found, due(found));
    }

    /** Throws when the server is not as it should be, and tells what to do about it. */
    void require(FoundSchema found) {
        Set<Integer> due = due(found);
        refuse(found, due);
        if (!due.isEmpty()) {
            String steps = schema.steps().stream()
                    .filter(step -> due.contains(step.version()))
                    .map(step -> step.version() + " (" + step.name() + ")")
                    .collect(Collectors.joining(", "));
            throw mismatch("the database is without migration steps of this library: " + steps
                    + "; run SchemaMigrator.migrate() with this version of the library");
        }
        List<SchemaDifference> differences = differences(found);
        if (!differences.isEmpty()) {
            throw mismatch("the database differs from this library's schema: "
                    + differences.stream().map(SchemaDifference::toString).collect(Collectors.joining("; "))
                    + "; migrate() brings back TTL and codecs, the rest somebody has to look at");
        }
    }

    private void refuse(FoundSchema found, Set<Integer> due) {
        LiveTable history = found.tables().get(HISTORY.name());
        if (history != null && !FoundSchema.hasColumnsOfHistory(history)) {
            throw mismatch("table " + HISTORY.name() + " exists, but has other columns than the library's record: it is"
                    + " not ours; choose another database or move the table away");
        }
        found.recorded().stream()
                .filter(recorded -> recorded.version() < 1 || recorded.version() > schema.version())
                .max(Comparator.comparingInt(RecordedStep::version))
                .ifPresent(recorded -> {
                    throw mismatch("the database has migration step " + shown(recorded)
                            + ", this library knows steps 1 to " + schema.version()
                            + "; use a newer version of the library");
                });
        Map<Integer, RecordedStep> versions = new TreeMap<>();
        for (RecordedStep recorded : found.recorded()) {
            if (versions.putIfAbsent(recorded.version(), recorded) != null) {
                throw mismatch("migration step " + recorded.version() + " is recorded twice with different statements");
            }
            MigrationStep step = schema.steps().get(recorded.version() - 1);
            if (!recorded.isOf(step)) {
                throw mismatch("migration step " + step.version() + " (" + step.name()
                        + ") was applied with other statements than this library's");
            }
        }
        for (MigrationStep step : schema.steps()) {
            for (String table : step.tables()) {
                boolean known = schema.steps().stream()
                        .anyMatch(one -> one.tables().contains(table) && versions.containsKey(one.version()));
                if (found.tables().containsKey(table) && !known) {
                    throw mismatch("table " + table + " exists, but is not recorded in " + HISTORY.name()
                            + ": it is not ours; choose another database or move the table away");
                }
            }
        }
        for (Table expected : schema.tables()) {
            LiveTable live = found.tables().get(expected.name());
            if (live != null && !stepsAhead(expected, due) && !live.isLike(expected)) {
                throw mismatch("table " + expected.name() + " has another engine, partition key or sorting key than"
                        + " the one that was recorded: it is not ours any more; verify() tells the differences");
            }
        }
    }

    private static String shown(RecordedStep recorded) {
        return PLAIN_WORDS.matcher(recorded.name()).matches()
                ? recorded.version() + " (" + recorded.name() + ")"
                : Integer.toString(recorded.version());
    }

    private static BudMetricsException mismatch(String message) {
        return BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, message);
    }

    /** Every way in which the server is not as it should be. */
    List<SchemaDifference> differences(FoundSchema found) {
        List<SchemaDifference> differences = new ArrayList<>();
        List<Table> tables = new ArrayList<>(List.of(HISTORY));
        tables.addAll(expected());
        for (Table expected : tables) {
            LiveTable live = found.tables().get(expected.name());
            if (live == null) {
                differences.add(new SchemaDifference(expected.name(), "table", "present", ""));
            } else {
                compare(expected, live, differences);
            }
        }
        compareRecord(found, differences);
        return List.copyOf(differences);
    }

    private void compareRecord(FoundSchema found, List<SchemaDifference> differences) {
        for (MigrationStep step : schema.steps()) {
            Optional<RecordedStep> recorded = recorded(found, step);
            if (recorded.isEmpty() || !recorded.get().finished()) {
                add(
                        differences,
                        HISTORY.name(),
                        "step " + step.version() + " (" + step.name() + ")",
                        "finished",
                        recorded.isEmpty() ? "" : "begun");
            }
        }
        for (RecordedStep recorded : found.recorded()) {
            if (schema.steps().stream().noneMatch(recorded::isOf)) {
                add(
                        differences,
                        HISTORY.name(),
                        "checksum of step " + shown(recorded),
                        recorded.version() >= 1 && recorded.version() <= schema.version()
                                ? schema.steps().get(recorded.version() - 1).checksum()
                                : "",
                        recorded.checksum());
            }
        }
    }

    private static void compare(Table expected, LiveTable live, List<SchemaDifference> differences) {
        String table = expected.name();
        String sortingKey = String.join(", ", expected.orderBy());
        add(differences, table, "engine", expected.engine(), live.storage().engine());
        add(differences, table, "partition key", expected.partitionBy(), live.partitionKey());
        add(differences, table, "sorting key", sortingKey, live.sortingKey());
        add(differences, table, "primary key", sortingKey, live.primaryKey());
        add(differences, table, "TTL", expected.ttl(), live.storage().ttl());
        compareEach(
                settings(expected),
                live.storage().settings(),
                (name, pair) ->
                        add(differences, table, "setting " + name, orEmpty(pair.expected()), orEmpty(pair.found())));
        compareEach(
                expected.columns().stream().collect(Collectors.toMap(Column::name, column -> column)),
                live.columns(),
                (name, pair) -> compare(table, name, pair.expected(), pair.found(), differences));
        compareEach(
                expected.indexes().stream().collect(Collectors.toMap(SkipIndex::name, index -> index)),
                live.indexes(),
                (name, pair) -> add(
                        differences, table, "index " + name, definition(pair.expected()), definition(pair.found())));
    }

    private static void compare(
            String table,
            String name,
            @Nullable Column expected,
            @Nullable Column found,
            List<SchemaDifference> differences) {
        if (expected == null || found == null) {
            add(
                    differences,
                    table,
                    "column " + name,
                    expected == null ? "" : expected.type(),
                    found == null ? "" : found.type());
            return;
        }
        add(differences, table, "type of column " + name, expected.type(), found.type());
        add(differences, table, "default of column " + name, expected.defaultExpression(), found.defaultExpression());
        add(differences, table, "codec of column " + name, expected.codec(), found.codec());
    }

    /** The server states this one although nobody set it. */
    private static Map<String, String> settings(Table table) {
        Map<String, String> settings = new TreeMap<>(Map.of(DEFAULT_GRANULARITY, "8192"));
        for (String setting : table.settings()) {
            String[] parts = setting.split(" = ", 2);
            settings.put(parts[0], parts[1]);
        }
        return settings;
    }

    private static String definition(@Nullable SkipIndex index) {
        return index == null
                ? ""
                : index.expression() + " TYPE " + index.type() + " GRANULARITY " + index.granularity();
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private record Pair<T>(@Nullable T expected, @Nullable T found) {}

    private static <T> void compareEach(
            Map<String, T> expected, Map<String, T> found, BiConsumer<String, Pair<T>> compare) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            compare.accept(name, new Pair<>(expected.get(name), found.get(name)));
        }
    }

    private static void add(
            List<SchemaDifference> differences, String table, String what, String expected, String found) {
        if (!expected.equals(found)) {
            differences.add(new SchemaDifference(table, what, expected, found));
        }
    }
}
