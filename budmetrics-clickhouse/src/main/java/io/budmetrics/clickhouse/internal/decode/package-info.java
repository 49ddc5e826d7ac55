/**
 * Decodes ClickHouse's Native format into columns of primitives. {@link io.budmetrics.clickhouse.internal.decode.NativeDecoder}
 * reads a body block by block and explains the format; {@code NativeTypes} turns the text of a type into an empty
 * {@code NativeColumn}, of which there is one class for each way in which cells are laid out; {@code NativeInput} reads
 * little-endian values in bulk; {@code NativeColumns} is the result.
 *
 * <p>No other package of this module is known here.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal.decode;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
