/**
 * Creates the tables of the library at a server, brings them up to date, and keeps them small.
 *
 * <p>{@link io.budmetrics.clickhouse.migrate.SchemaMigrator} plans, runs and verifies migrations; it reports each
 * {@link io.budmetrics.clickhouse.migrate.SchemaDifference}. {@link io.budmetrics.clickhouse.migrate.LayoutTables} compares the
 * tables of a layout over existing tables, and creates those of other programs.
 * {@link io.budmetrics.clickhouse.migrate.Retention} drops old months, and a {@link io.budmetrics.clickhouse.migrate.RetentionPlan} shows them
 * beforehand;
 * {@link io.budmetrics.clickhouse.migrate.SizeReport} reports the size of tables and columns.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
