/** The answers computed a second time, slowly and plainly, and compared with those of the engine. */
@NullMarked
package io.budmetrics.clickhouse.oracle;

import org.jspecify.annotations.NullMarked;
