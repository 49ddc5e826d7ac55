/** The exception type of the library and its stable error codes. */
@NullMarked
@CheckReturnValue
package io.budmetrics.error;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
