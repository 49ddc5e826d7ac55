/** Pieces of SQL as values. */
@NullMarked
@CheckReturnValue
package io.budmetrics.expr;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
