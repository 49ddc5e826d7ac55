/** What went wrong: one exception type with a stable code. */
@NullMarked
@CheckReturnValue
package io.budmetrics.error;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
