/** What a layout keeps of the tables that it reads, for the code that translates, compares and fills them. */
@NullMarked
@CheckReturnValue
package io.budmetrics.internal.layout;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
