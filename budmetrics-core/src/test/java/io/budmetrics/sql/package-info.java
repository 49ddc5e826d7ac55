/** Tests of statements. */
@NullMarked
package io.budmetrics.sql;

import org.jspecify.annotations.NullMarked;
