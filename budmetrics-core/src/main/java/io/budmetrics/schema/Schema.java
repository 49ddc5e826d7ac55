package io.budmetrics.schema;

import io.budmetrics.error.BudMetricsException;
import java.util.List;

/**
 * The tables that the library keeps at a server, and the migration steps that create them. A change of a table is a new
 * step, with its text as a resource, and the new description of the table: <code>InferenceFact</code> is described by
 * {@link InferenceFact#table()}, and the steps, run one after the other, must create exactly that. Immutable.
 *
 * @param steps every step, version 1 first
 * @param tables the tables as they are after the last step, without what an installation may choose: how long rows stay,
 *     how columns are compressed
 */
public record Schema(List<MigrationStep> steps, List<Table> tables) {
    private static final Schema CURRENT = new Schema(ReleasedSteps.read(), List.of(InferenceFact.table()));

    private static final Table HISTORY = Table.builder("BudMetricsMigration")
            .columns(List.of(
                    new Column("version", "UInt32"),
                    new Column("name", "String"),
                    new Column("checksum", "String"),
                    new Column("attempt", "UInt32"),
                    new Column("finished", "Bool"),
                    new Column("recorded_at", "DateTime64(6, 'UTC')", "", "now64(6, 'UTC')")))
            .engine("ReplacingMergeTree")
            .orderBy("version", "checksum", "attempt", "finished")
            .build();

    /**
     * Copies the lists.
     *
     * @throws BudMetricsException INVALID_CONFIGURATION when the versions are not 1, 2, 3 and so on, or a table is named
     *     by no step
     */
    public Schema {
        steps = List.copyOf(steps);
        tables = List.copyOf(tables);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).version() != i + 1) {
                throw BudMetricsException.invalidConfiguration("the version of migration step " + (i + 1) + " is "
                        + steps.get(i).version() + "; give 1, 2, 3 and so on without gaps");
            }
        }
        for (Table table : tables) {
            if (steps.stream().noneMatch(step -> step.tables().contains(table.name()))) {
                throw BudMetricsException.invalidConfiguration("the table " + table.name()
                        + " is not created by any migration step; give one that creates it");
            }
        }
    }

    /**
     * Returns the schema of this version of the library.
     *
     * @return the steps and the tables
     */
    public static Schema current() {
        return CURRENT;
    }

    /**
     * Returns the table that records which steps were begun and which were finished.
     *
     * @return the description of <code>BudMetricsMigration</code>
     */
    public static Table history() {
        return HISTORY;
    }

    /**
     * Returns the version of the last step.
     *
     * @return 0 when there is no step
     */
    public int version() {
        return steps.size();
    }
}
