package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.result.Columns;
import io.budmetrics.schema.MigrationStep;
import io.budmetrics.schema.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Creates the tables of the library in the database of the connection, and records in the table
 * <code>BudMetricsMigration</code> what it did. It changes no table that it did not create: a table of the same name
 * that its record does not know is refused before anything is changed.
 *
 * <p>A step is recorded before its statements run, and every statement may be run twice, so a migration that was cut
 * off is completed by the next, and two that run at once do no harm. Safe for use by several threads at a time.
 */
public final class SchemaMigrator {
    private final DataSource dataSource;

    private SchemaMigrator(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A migrator for one database.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may create tables; it stays
     *     the caller's
     * @return the migrator
     */
    public static SchemaMigrator over(DataSource dataSource) {
        return new SchemaMigrator(dataSource);
    }

    /**
     * What {@link #migrate} would run now. Reads the catalogue of the server and changes nothing.
     *
     * @return SQL statements in order; empty when nothing is to be done
     * @throws BudMetricsException SCHEMA_MISMATCH when a table of our name is not ours, a recorded step differs from the
     *     library's, or the database is newer than the library; another code when the server cannot be asked
     */
    public List<String> plan() {
        try (DriverClient driver = DriverClient.over(dataSource)) {
            return plan(driver);
        }
    }

    /**
     * Brings the database to the library's schema. Does nothing when it is there already.
     *
     * @return the SQL statements that were run, in order
     * @throws BudMetricsException as {@link #plan} does, and then nothing was changed; or when a statement fails, and
     *     then calling again continues
     */
    @CanIgnoreReturnValue
    public List<String> migrate() {
        try (DriverClient driver = DriverClient.over(dataSource)) {
            List<String> statements = plan(driver);
            for (String statement : statements) {
                driver.execute(statement);
            }
            return statements;
        }
    }

    private static List<String> plan(DriverClient driver) {
        Table history = MigrationStep.history();
        // tables first, record second: whoever creates a table has recorded it before
        Set<String> tables = existingTables(driver);
        Map<Integer, String> applied = tables.contains(history.name()) ? appliedSteps(driver) : Map.of();
        refuseForeign(tables, applied);

        List<String> statements = new ArrayList<>();
        if (!tables.contains(history.name())) {
            statements.add(history.createStatement());
        }
        for (MigrationStep step : MigrationStep.all()) {
            if (!applied.containsKey(step.version())) {
                statements.add(record(step));
            }
            if (!tables.containsAll(step.creates())) {
                statements.addAll(step.statements());
            }
        }
        return List.copyOf(statements);
    }

    private static Set<String> existingTables(DriverClient driver) {
        String names = Stream.concat(
                        Stream.of(MigrationStep.history().name()),
                        MigrationStep.all().stream().flatMap(step -> step.creates().stream()))
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
        Columns columns = driver.query(
                "SELECT name\nFROM system.tables\nWHERE database = currentDatabase()\n  AND name IN (" + names + ")",
                List.of());
        Set<String> tables = new HashSet<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            tables.add(columns.textAt(columns.indexOf("name"), row));
        }
        return tables;
    }

    private static Map<Integer, String> appliedSteps(DriverClient driver) {
        Columns columns = driver.query(
                "SELECT DISTINCT\n    version,\n    checksum\nFROM "
                        + MigrationStep.history().name() + "\nORDER BY\n    version,\n    checksum",
                List.of());
        Map<Integer, String> applied = new TreeMap<>();
        for (int row = 0; row < columns.rowCount(); row++) {
            int version = Math.toIntExact(columns.longAt(columns.indexOf("version"), row));
            String checksum = columns.textAt(columns.indexOf("checksum"), row);
            String other = applied.putIfAbsent(version, checksum);
            if (other != null) {
                throw mismatch("migration step " + version + " is recorded twice with different statements");
            }
        }
        return applied;
    }

    private static void refuseForeign(Set<String> tables, Map<Integer, String> applied) {
        List<MigrationStep> known = MigrationStep.all();
        for (Map.Entry<Integer, String> entry : applied.entrySet()) {
            int version = entry.getKey();
            if (version < 1 || version > known.size()) {
                throw mismatch("the database has migration step " + version + ", this library knows steps 1 to "
                        + known.size() + "; use a newer version of the library");
            }
            MigrationStep step = known.get(version - 1);
            if (!step.checksum().equals(entry.getValue())) {
                throw mismatch("migration step " + version + " (" + step.name()
                        + ") was applied with other statements than this library's");
            }
        }
        for (MigrationStep step : known) {
            for (String table : step.creates()) {
                if (tables.contains(table) && !applied.containsKey(step.version())) {
                    throw mismatch("table " + table + " exists, but is not recorded in "
                            + MigrationStep.history().name()
                            + ": it is not ours; choose another database or move the table away");
                }
            }
        }
    }

    private static BudMetricsException mismatch(String message) {
        return BudMetricsException.of(ErrorCode.SCHEMA_MISMATCH, message);
    }

    /** Its values are constants of the library, plain words and hexadecimal digits. */
    private static String record(MigrationStep step) {
        return "INSERT INTO " + MigrationStep.history().name() + " (version, name, checksum) SETTINGS async_insert = 0"
                + "\nVALUES (" + step.version() + ", '" + step.name() + "', '" + step.checksum() + "')";
    }
}
