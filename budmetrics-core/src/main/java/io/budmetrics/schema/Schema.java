package io.budmetrics.schema;

import java.util.List;

/**
 * What the library keeps at a server: the steps that lead there, and the tables as they are after the last one.
 * Immutable.
 *
 * @param steps every step, version 1 first
 * @param tables the tables, without what an installation may choose: how long rows stay, how columns are compressed
 */
public record Schema(List<MigrationStep> steps, List<Table> tables) {
    private static final Schema CURRENT = new Schema(
            List.of(new MigrationStep(
                    1,
                    "create InferenceFact",
                    List.of(InferenceFact.table().name()),
                    List.of(InferenceFact.table().createTemplate()))),
            List.of(InferenceFact.table()));

    private static final Table HISTORY = new Table(
            "BudMetricsMigration",
            List.of(
                    new Column("version", "UInt32"),
                    new Column("name", "String"),
                    new Column("checksum", "String"),
                    new Column("attempt", "UInt32"),
                    new Column("finished", "Bool"),
                    new Column("recorded_at", "DateTime64(6, 'UTC')", "", "now64(6, 'UTC')")),
            "ReplacingMergeTree",
            "",
            List.of("version", "checksum", "attempt", "finished"),
            List.of());

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when the versions are not 1, 2, 3 and so on
     */
    public Schema {
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).version() != i + 1) {
                throw new IllegalArgumentException(
                        "step " + (i + 1) + " has version " + steps.get(i).version());
            }
        }
    }

    /**
     * The schema of this version of the library.
     *
     * @return the steps and the tables
     */
    public static Schema current() {
        return CURRENT;
    }

    /**
     * The table that records which steps were begun, and which were finished.
     *
     * @return the table as data
     */
    public static Table history() {
        return HISTORY;
    }

    /**
     * The version of the last step.
     *
     * @return 0 when there is no step
     */
    public int version() {
        return steps.size();
    }
}
