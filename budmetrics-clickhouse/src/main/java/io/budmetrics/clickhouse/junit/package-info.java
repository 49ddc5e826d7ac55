/**
 * Starts a ClickHouse server for the tests of a service, with JUnit 5.12 or newer, or JUnit 6.
 * {@link io.budmetrics.clickhouse.junit.ClickHouseExtension} starts the server, from one of three sources, and
 * {@link io.budmetrics.clickhouse.junit.TestServer} gives a test access to it. JUnit, JNA (for the embedded engine) and
 * Testcontainers (for a container) are optional dependencies: nothing else in this library uses them, or this package.
 */
@NullMarked
package io.budmetrics.clickhouse.junit;

import org.jspecify.annotations.NullMarked;
