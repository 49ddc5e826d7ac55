/** What comes back: immutable answers, and the columns they are read from. */
@NullMarked
@CheckReturnValue
package io.budmetrics.result;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
