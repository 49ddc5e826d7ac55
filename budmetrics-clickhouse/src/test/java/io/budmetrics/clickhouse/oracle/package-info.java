/** Computes answers a second time, slowly and simply in Java, and compares them with those of the engine. */
@NullMarked
package io.budmetrics.clickhouse.oracle;

import org.jspecify.annotations.NullMarked;
