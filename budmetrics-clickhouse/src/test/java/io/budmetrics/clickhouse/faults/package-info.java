/** Tests of the client under random faults of the network, the server and the caller. */
@NullMarked
package io.budmetrics.clickhouse.faults;

import org.jspecify.annotations.NullMarked;
