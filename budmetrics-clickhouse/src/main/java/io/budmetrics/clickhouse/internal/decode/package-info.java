/**
 * Decodes ClickHouse's Native format into columns of primitives. {@link io.budmetrics.clickhouse.internal.decode.NativeDecoder}
 * reads a body block by block and explains the format; {@code NativeTypes} turns the text of a type into an empty
 * {@code NativeColumn}, which has one class for each layout of cells in memory; {@code NativeInput} reads
 * little-endian values in bulk; {@code NativeColumns} is the result.
 *
 * <p>This package depends on no other package of this module.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal.decode;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
