/** A statement with its parameters ({@code SqlStatement}, {@code SqlParameter}), and its result ({@code Columns}). */
@NullMarked
@CheckReturnValue
package io.budmetrics.sql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
