/**
 * Describes the columns of a record, for the record itself and for whatever writes it: {@code RecordColumn} is one column,
 * {@code ValueKind} what all columns of one type have in common, {@code ColumnSink} what a column's values are written to.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.record;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
