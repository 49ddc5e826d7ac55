/** Writes expressions, conditions and the tables of a layout as SQL. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.sql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
