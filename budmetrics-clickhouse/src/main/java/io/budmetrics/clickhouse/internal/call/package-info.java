/**
 * Runs statements through the official driver. {@link io.budmetrics.clickhouse.internal.call.DriverClient} is the door, and
 * {@code Calls} the algorithm: how a call is started, watched, ended and sent again.
 * {@code Attempts} makes one try over a connection that a {@code ConnectionSource} lends, {@code Watchdog} ends what is late or
 * cancelled, {@code KillQuery} tells the server so, {@code OperationSettings} says what is sent along, and
 * {@code ErrorMapping} turns what was thrown into an exception of the library. Not API.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal.call;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
