/** What a statement computes for a metric, and what is read back. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
