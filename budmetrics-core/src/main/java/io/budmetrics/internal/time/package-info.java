/** Moments as whole microseconds, and the rules of a range under the names that a caller uses. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.time;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
