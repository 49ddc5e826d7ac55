/** What a number means: the catalogue of metrics and the values they take. */
@NullMarked
@CheckReturnValue
package io.budmetrics.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
