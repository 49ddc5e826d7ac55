/** Filters as expressions and as JSON. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.filter;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
