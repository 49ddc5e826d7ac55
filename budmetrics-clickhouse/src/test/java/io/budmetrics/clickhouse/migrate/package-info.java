@NullMarked
package io.budmetrics.clickhouse.migrate;

import org.jspecify.annotations.NullMarked;
