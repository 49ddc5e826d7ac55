/** The front door: {@link io.budmetrics.QueryBuilder}. */
@NullMarked
@CheckReturnValue
package io.budmetrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
