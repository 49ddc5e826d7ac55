/** SQL expressions as values. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.expr;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
