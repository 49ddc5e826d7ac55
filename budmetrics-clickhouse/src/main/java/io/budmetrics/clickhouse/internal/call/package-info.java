/**
 * Runs statements through the official driver. {@link io.budmetrics.clickhouse.internal.call.DriverClient} is the
 * entry point, and {@code Calls} has the algorithm that starts, watches, ends and repeats a call. {@code Attempts} makes one
 * attempt over a connection of a {@code ConnectionSource}, {@code Watchdog} ends calls that are late or cancelled,
 * {@code KillQuery} stops their statements at the server, {@code OperationSettings} has the settings that are sent with a
 * statement, and {@code ErrorMapping} converts exceptions into those of the library. Not API.
 */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.internal.call;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
