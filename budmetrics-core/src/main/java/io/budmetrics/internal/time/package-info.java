/** Converts instants to whole microseconds, and checks ranges under the parameter names of the caller. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.time;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
