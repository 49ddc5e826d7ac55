package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Identifier;
import io.budmetrics.internal.layout.LayoutSource;
import io.budmetrics.internal.schema.OtelInferenceFact;
import io.budmetrics.internal.schema.TensorZero;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.Table;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Compares the tables that a {@link Layout} reads with those at the server, and creates those of TensorZero and of an
 * OpenTelemetry collector where neither runs. Safe for use by several threads at a time.
 */
public final class LayoutTables {
    /** Engines that FINAL means something to. */
    private static final Pattern FINAL_ENGINES = Pattern.compile(
            ".*(?:Replacing|Collapsing|Summing|Aggregating|Coalescing|Graphite)MergeTree|.*View|Distributed|Merge");

    private static final String TABLE = "table";

    private final DataSource dataSource;

    private LayoutTables(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Returns an object that works in the database of the connection, unless a layout names another database.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one, whose user may read the tables; it stays the
     *     caller's
     * @return a new object
     */
    public static LayoutTables over(DataSource dataSource) {
        return new LayoutTables(Objects.requireNonNull(dataSource, "dataSource is null"));
    }

    /**
     * Lists the columns of a layout that the server does not have, or has with a type that the layout cannot read. Reads
     * the catalogue of the server, which shows a user only what they may read, and no table.
     *
     * @param layout any but one over the library's own table, which {@link SchemaMigrator#verify} compares
     * @return every difference; empty when all questions that the layout serves can be asked
     * @throws BudMetricsException INVALID_CONFIGURATION for a layout over the library's own table; another code when the
     *     server cannot be asked
     */
    public List<SchemaDifference> verify(Layout layout) {
        if (Internals.of(layout).sources().isEmpty()) {
            throw BudMetricsException.invalidConfiguration("the layout of " + layout.table()
                    + " is that of the library's own table; give another, or use SchemaMigrator.verify()");
        }
        return ask(driver -> {
            List<SchemaDifference> differences = new ArrayList<>();
            for (LayoutSource source : Internals.of(layout).sources()) {
                differences.addAll(differences(driver, source, !layout.uniqueRows()));
            }
            return differences;
        });
    }

    /**
     * Throws if {@link #verify} finds a difference, for a service that should then not start.
     *
     * @param layout as {@link #verify} takes it
     * @throws BudMetricsException SCHEMA_MISMATCH when there is a difference, with the columns, what is expected and what
     *     was found; as {@link #verify} throws it
     */
    public void require(Layout layout) {
        List<SchemaDifference> differences = verify(layout);
        if (!differences.isEmpty()) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH,
                    String.join(
                            "; ",
                            differences.stream().map(SchemaDifference::toString).toList()));
        }
    }

    /**
     * Creates the tables that {@link Layout#tensorzero} reads, where they are missing. Leaves tables of these names as they
     * are.
     *
     * @return the SQL statements that were run
     * @throws BudMetricsException when the user may not, or the server cannot be asked
     */
    @CanIgnoreReturnValue
    public List<String> createTensorZero() {
        return ask(driver -> {
            List<String> statements =
                    TensorZero.tables().stream().map(Table::createStatement).toList();
            statements.forEach(driver::execute);
            return statements;
        });
    }

    /**
     * Creates the table that {@link Layout#otelInferenceFact} reads, where it is missing. Leaves such a table as it is.
     *
     * @return the SQL statements that were run
     * @throws BudMetricsException SCHEMA_MISMATCH when there is another table of this name, such as the library's own;
     *     another code when the user may not, or the server cannot be asked
     */
    @CanIgnoreReturnValue
    public List<String> createOtelInferenceFact() {
        List<SchemaDifference> differences = verify(Layout.otelInferenceFact());
        if (differences.isEmpty()) {
            return List.of();
        }
        if (!differences.get(0).what().equals(TABLE)) {
            throw BudMetricsException.of(
                    ErrorCode.SCHEMA_MISMATCH,
                    "this database has another " + OtelInferenceFact.table().name()
                            + " than a collector's, such as this library's own (" + differences.get(0)
                            + "); use a separate database for the collector's");
        }
        return ask(driver -> {
            String statement = OtelInferenceFact.table().createStatement();
            driver.execute(statement);
            return List.of(statement);
        });
    }

    private <T> T ask(Function<DriverClient, T> work) {
        try (DriverClient driver = SchemaAccess.open(dataSource)) {
            return work.apply(driver);
        } catch (BudMetricsException e) {
            throw SchemaAccess.explained(e, dataSource);
        }
    }

    private static List<SchemaDifference> differences(DriverClient driver, LayoutSource source, boolean mayBeFinal) {
        String shown = source.database().isEmpty()
                ? source.table().name()
                : source.database() + "." + source.table().name();
        List<SqlParameter> parameters = new ArrayList<>();
        parameters.add(SqlParameter.of("table", source.table().name()));
        String where = "currentDatabase()";
        if (!source.database().isEmpty()) {
            parameters.add(SqlParameter.of("database", source.database()));
            where = "{database:String}";
        }
        Columns tables = driver.query(
                "SELECT engine\nFROM system.tables\nWHERE database = " + where + "\n    AND name = {table:String}",
                parameters);
        if (tables.rowCount() == 0) {
            return List.of(new SchemaDifference(shown, TABLE, "a table or view that the user may read", ""));
        }
        List<SchemaDifference> differences = new ArrayList<>();
        String engine = tables.textAt(tables.indexOf("engine"), 0);
        if (mayBeFinal && source.withFinal() && !FINAL_ENGINES.matcher(engine).matches()) {
            differences.add(new SchemaDifference(shown, "engine", "one that can be read with FINAL", engine));
        }
        Columns found = driver.query(
                "SELECT\n    name,\n    type\nFROM system.columns\nWHERE database = " + where
                        + "\n    AND table = {table:String}",
                parameters);
        Map<String, String> types = new LinkedHashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            types.put(found.textAt(found.indexOf("name"), row), found.textAt(found.indexOf("type"), row));
        }
        Set<String> named = new LinkedHashSet<>();
        for (LayoutSource.Read read : source.reads()) {
            String name = read.column().name();
            named.add(name);
            String type = types.getOrDefault(name, "");
            if (!read.kind().admits(type)) {
                differences.add(new SchemaDifference(
                        shown,
                        "column " + name + " for " + read.logical(),
                        read.kind().words(),
                        type));
            }
        }
        for (List<Identifier> columns : List.of(source.keys(), source.newestBy())) {
            for (Identifier column : columns) {
                if (named.add(column.name()) && !types.containsKey(column.name())) {
                    differences.add(new SchemaDifference(shown, "column " + column, "a column", ""));
                }
            }
        }
        return differences;
    }
}
