/** Brings the tables of the library to a server, and keeps them small. */
@NullMarked
@CheckReturnValue
package io.budmetrics.clickhouse.migrate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
