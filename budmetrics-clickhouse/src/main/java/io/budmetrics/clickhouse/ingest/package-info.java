/**
 * Writes inferences: {@code InferenceWriter} many at a time, {@code BufferedInferenceWriter} one by one, and
 * {@code LayoutWriter} to the tables that a layout reads.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.ingest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
