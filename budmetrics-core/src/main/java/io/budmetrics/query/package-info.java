/** What is asked: immutable questions and their parts. */
@NullMarked
@CheckReturnValue
package io.budmetrics.query;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
