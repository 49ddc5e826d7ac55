package io.budmetrics.schema;

import io.budmetrics.schema.Schema.MigrationStep;
import io.budmetrics.schema.Table.SkipIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables that steps lead to, read from their text without a server. It knows the forms that steps are written in and
 * fails on every other, so that no statement is passed over.
 */
final class AppliedSteps {
    private static final Pattern CREATE = Pattern.compile(
            "CREATE TABLE IF NOT EXISTS (\\w+)\n\\(\n(.*)\n\\)\nENGINE = ([^\n]*)(?:\nPARTITION BY ([^\n]*))?"
                    + "\nORDER BY \\(([^\n]*)\\)(?:\nTTL ([^\n]*))?(?:\nSETTINGS ([^\n]*))?",
            Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("(\\w+) (.*?)(?: DEFAULT (.*?))?(?: CODEC\\((.*)\\))?");
    private static final Pattern INDEX = Pattern.compile("INDEX (\\w+) (.*) TYPE (.*) GRANULARITY (\\d+)");
    private static final Pattern ADD_COLUMN =
            Pattern.compile("ALTER TABLE (\\w+)\\s+ADD COLUMN IF NOT EXISTS (.*?)(?: AFTER (\\w+))?", Pattern.DOTALL);
    private static final Pattern ADD_INDEX =
            Pattern.compile("ALTER TABLE (\\w+)\\s+ADD INDEX IF NOT EXISTS (.*)", Pattern.DOTALL);
    private static final Pattern DROP_COLUMN = Pattern.compile("ALTER TABLE (\\w+)\\s+DROP COLUMN IF EXISTS (\\w+)");
    private static final Pattern DROP_TABLE = Pattern.compile("DROP TABLE IF EXISTS (\\w+)");

    private final Map<String, Table> tables = new LinkedHashMap<>();

    private AppliedSteps() {}

    /** The tables after the last step, by name. */
    static Map<String, Table> tables(List<MigrationStep> steps) {
        AppliedSteps applied = new AppliedSteps();
        steps.forEach(step -> step.statements("").forEach(applied::run));
        return applied.tables;
    }

    private void run(String statement) {
        Matcher create = CREATE.matcher(statement);
        Matcher addIndex = ADD_INDEX.matcher(statement);
        Matcher addColumn = ADD_COLUMN.matcher(statement);
        Matcher dropColumn = DROP_COLUMN.matcher(statement);
        Matcher dropTable = DROP_TABLE.matcher(statement);
        if (create.matches()) {
            tables.putIfAbsent(create.group(1), created(create));
        } else if (addColumn.matches()) {
            List<Column> columns = columns(addColumn.group(1));
            Column added = column(addColumn.group(2));
            if (columns.stream().noneMatch(column -> column.name().equals(added.name()))) {
                columns.add(placeAfter(columns, addColumn.group(3)), added);
            }
            change(table(addColumn.group(1)).toBuilder().columns(columns));
        } else if (addIndex.matches()) {
            List<SkipIndex> indexes = new ArrayList<>(table(addIndex.group(1)).indexes());
            indexes.add(index("INDEX " + addIndex.group(2)));
            change(table(addIndex.group(1)).toBuilder().indexes(indexes.toArray(SkipIndex[]::new)));
        } else if (dropColumn.matches()) {
            List<Column> columns = columns(dropColumn.group(1));
            columns.removeIf(column -> column.name().equals(dropColumn.group(2)));
            change(table(dropColumn.group(1)).toBuilder().columns(columns));
        } else if (dropTable.matches()) {
            tables.remove(dropTable.group(1));
        } else {
            throw new AssertionError("a step has a statement of a form that is not known here: " + statement);
        }
    }

    private void change(Table.Builder changed) {
        Table table = changed.build();
        tables.put(table.name(), table);
    }

    private Table table(String name) {
        return Objects.requireNonNull(tables.get(name), name);
    }

    private List<Column> columns(String table) {
        return new ArrayList<>(table(table).columns());
    }

    private static int placeAfter(List<Column> columns, @Nullable String name) {
        if (name == null) {
            return columns.size();
        }
        return columns.stream().map(Column::name).toList().indexOf(name) + 1;
    }

    private static Table created(Matcher create) {
        List<Column> columns = new ArrayList<>();
        List<SkipIndex> indexes = new ArrayList<>();
        for (String line : create.group(2).split(",\n", -1)) {
            String definition = line.strip();
            if (definition.startsWith("INDEX ")) {
                indexes.add(index(definition));
            } else {
                columns.add(column(definition));
            }
        }
        return Table.builder(create.group(1))
                .columns(columns)
                .indexes(indexes.toArray(SkipIndex[]::new))
                .engine(create.group(3))
                .partitionBy(orEmpty(create.group(4)))
                .orderBy(create.group(5).split(", ", -1))
                .ttl(orEmpty(create.group(6)))
                .settings(
                        create.group(7) == null
                                ? new String[0]
                                : create.group(7).split(", ", -1))
                .build();
    }

    private static Column column(String definition) {
        Matcher column = COLUMN.matcher(definition);
        if (!column.matches()) {
            throw new AssertionError("no column: " + definition);
        }
        return new Column(column.group(1), column.group(2), orEmpty(column.group(4)), orEmpty(column.group(3)));
    }

    private static SkipIndex index(String definition) {
        Matcher index = INDEX.matcher(definition);
        if (!index.matches()) {
            throw new AssertionError("no index: " + definition);
        }
        return new SkipIndex(index.group(1), index.group(2), index.group(3), Integer.parseInt(index.group(4)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
