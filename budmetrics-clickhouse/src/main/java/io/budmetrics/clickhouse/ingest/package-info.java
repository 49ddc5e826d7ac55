/** Writes inferences: the record, the writer, and traffic made up for trying things out. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.ingest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
