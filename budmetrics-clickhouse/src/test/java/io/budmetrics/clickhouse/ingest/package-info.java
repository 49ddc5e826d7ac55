@NullMarked
package io.budmetrics.clickhouse.ingest;

import org.jspecify.annotations.NullMarked;
