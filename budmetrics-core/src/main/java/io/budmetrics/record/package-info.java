/**
 * One inference as it is written and read: {@code InferenceRecord} has a value for each column of the table, and checks them
 * when it is built; {@code InferenceEvents} reads a batch of them from the JSON that gateways publish.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.record;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
