/**
 * Describes where the data of questions is stored at a server.
 *
 * <p>{@link io.budmetrics.schema.InferenceFact} has the logical columns, which questions and metrics refer to, and describes
 * the library's own table. A {@link io.budmetrics.schema.Layout} describes how these columns are stored elsewhere:
 * {@link io.budmetrics.schema.Layout#table} starts a {@link io.budmetrics.schema.LayoutBuilder} over an existing table, whose
 * columns are {@link io.budmetrics.schema.StoredColumn}s; {@link io.budmetrics.schema.Layout#tensorzero} and
 * {@link io.budmetrics.schema.Layout#otelInferenceFact} are layouts over tables that others fill.
 *
 * <p>A {@link io.budmetrics.schema.Table} describes a table: its {@link io.budmetrics.schema.Column}s, its
 * {@link io.budmetrics.schema.Table.SkipIndex}es, engine and keys. The {@link io.budmetrics.schema.Schema} has all tables of
 * the library and every {@link io.budmetrics.schema.Schema.MigrationStep} that creates or changes them.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.schema;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
