/** Tests of the entry point, the golden statements and the metrics page. */
@NullMarked
package io.budmetrics;

import org.jspecify.annotations.NullMarked;
