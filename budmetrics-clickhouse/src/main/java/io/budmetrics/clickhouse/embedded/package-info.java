/**
 * The real ClickHouse engine in a child process, for tests, examples and notebooks. Start it with
 * {@link io.budmetrics.clickhouse.embedded.EmbeddedClickHouse}; fetch the native library once with
 * {@link io.budmetrics.clickhouse.embedded.EngineInstaller}.
 */
@NullMarked
package io.budmetrics.clickhouse.embedded;

import org.jspecify.annotations.NullMarked;
