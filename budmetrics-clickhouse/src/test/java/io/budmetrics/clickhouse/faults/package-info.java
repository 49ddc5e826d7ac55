/** What the client does when the wire, the server or the caller misbehaves, at random. */
@NullMarked
package io.budmetrics.clickhouse.faults;

import org.jspecify.annotations.NullMarked;
