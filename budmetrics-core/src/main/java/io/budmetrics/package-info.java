/** The entry point of the library: {@link io.budmetrics.QueryBuilder} creates questions. */
@NullMarked
@CheckReturnValue
package io.budmetrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
