@NullMarked
package io.budmetrics.clickhouse.synthetic;

import org.jspecify.annotations.NullMarked;
