package io.budmetrics.clickhouse.migrate;

import io.budmetrics.clickhouse.internal.call.DriverClient;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.sql.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.sql.DataSource;

/**
 * The sizes of the tables of a database and of their columns. Immutable.
 *
 * @param tables every table of the MergeTree family that has rows, the largest first
 */
public record SizeReport(List<TableSize> tables) {
    /** Copies the list. */
    public SizeReport {
        tables = List.copyOf(tables);
    }

    /**
     * Reads the sizes from the server's catalogue, without reading any table.
     *
     * @param dataSource a data source of clickhouse-jdbc, or a pool over one; it stays the caller's
     * @return the sizes of the tables in the database of the connection, as they are now
     * @throws BudMetricsException when the server cannot be asked
     */
    public static SizeReport of(DataSource dataSource) {
        try (DriverClient driver = SchemaAccess.open(dataSource)) {
            Map<String, List<ColumnSize>> columns = columns(driver);
            Columns found = driver.query(
                    "SELECT\n    table,\n    sum(rows) AS row_count,\n    count() AS parts,"
                            + "\n    sum(bytes_on_disk) AS on_disk,\n    sum(data_compressed_bytes) AS compressed,"
                            + "\n    sum(data_uncompressed_bytes) AS uncompressed"
                            + "\nFROM system.parts\nWHERE database = currentDatabase()\n  AND active"
                            + "\nGROUP BY table\nORDER BY\n    on_disk DESC,\n    table",
                    List.of());
            List<TableSize> tables = new ArrayList<>();
            for (int row = 0; row < found.rowCount(); row++) {
                String name = found.textAt(found.indexOf("table"), row);
                tables.add(new TableSize(
                        name,
                        found.longAt(found.indexOf("row_count"), row),
                        found.longAt(found.indexOf("parts"), row),
                        found.longAt(found.indexOf("on_disk"), row),
                        found.longAt(found.indexOf("compressed"), row),
                        found.longAt(found.indexOf("uncompressed"), row),
                        columns.getOrDefault(name, List.of())));
            }
            return new SizeReport(tables);
        } catch (BudMetricsException e) {
            throw SchemaAccess.explained(e, dataSource);
        }
    }

    private static Map<String, List<ColumnSize>> columns(DriverClient driver) {
        Columns found = driver.query(
                "SELECT\n    table,\n    name,\n    type,\n    compression_codec,\n    data_compressed_bytes,"
                        + "\n    data_uncompressed_bytes\nFROM system.columns\nWHERE database = currentDatabase()"
                        + "\nORDER BY\n    table,\n    data_compressed_bytes DESC,\n    position",
                List.of());
        Map<String, List<ColumnSize>> columns = new HashMap<>();
        for (int row = 0; row < found.rowCount(); row++) {
            columns.computeIfAbsent(found.textAt(found.indexOf("table"), row), table -> new ArrayList<>())
                    .add(new ColumnSize(
                            found.textAt(found.indexOf("name"), row),
                            found.textAt(found.indexOf("type"), row),
                            LiveTable.withoutCodec(found.textAt(found.indexOf("compression_codec"), row)),
                            found.longAt(found.indexOf("data_compressed_bytes"), row),
                            found.longAt(found.indexOf("data_uncompressed_bytes"), row)));
        }
        return columns;
    }

    /**
     * Finds a table by its name.
     *
     * @param name its name
     * @return its size; empty when there is no such table or it has no rows
     */
    public Optional<TableSize> table(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /**
     * The size of a table. Rows are those that are stored: an inference that was delivered twice may count twice until the server has
     * merged it.
     *
     * @param name its name
     * @param rows rows, 1 or more
     * @param parts pieces on disk that the server has not merged into one, 1 or more
     * @param bytesOnDisk everything that the table takes, indexes included
     * @param compressedBytes the data alone, as it is stored
     * @param uncompressedBytes the data alone, as it is in memory
     * @param columns every column, the largest first; of small parts the server knows no bytes of single columns, so
     *     that their sum may be less than the table's
     */
    public record TableSize(
            String name,
            long rows,
            long parts,
            long bytesOnDisk,
            long compressedBytes,
            long uncompressedBytes,
            List<ColumnSize> columns) {
        /** Copies the list. */
        public TableSize {
            Objects.requireNonNull(name, "name is null");
            columns = List.copyOf(columns);
        }

        /**
         * Divides the bytes on disk by the rows.
         *
         * @return bytes a row; empty when there are no rows
         */
        public OptionalDouble bytesPerRow() {
            return rows == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) bytesOnDisk / rows);
        }

        /**
         * Finds a column by its name.
         *
         * @param column its name
         * @return its size; empty when the table has no such column
         */
        public Optional<ColumnSize> column(String column) {
            return columns.stream().filter(one -> one.name().equals(column)).findFirst();
        }
    }

    /**
     * The size of a column.
     *
     * @param name its name
     * @param type its ClickHouse type
     * @param codec how it is compressed; empty for the server's default
     * @param compressedBytes as it is stored; 0 in a table that has only small parts
     * @param uncompressedBytes as it is in memory; 0 in a table that has only small parts
     */
    public record ColumnSize(String name, String type, String codec, long compressedBytes, long uncompressedBytes) {
        /** Rejects null. */
        public ColumnSize {
            Objects.requireNonNull(name, "name is null");
            Objects.requireNonNull(type, "type is null");
            Objects.requireNonNull(codec, "codec is null");
        }

        /**
         * Divides the size in memory by the size on disk.
         *
         * @return bytes in memory for each byte that is stored; empty when nothing is stored
         */
        public OptionalDouble ratio() {
            return compressedBytes == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of((double) uncompressedBytes / compressedBytes);
        }
    }
}
