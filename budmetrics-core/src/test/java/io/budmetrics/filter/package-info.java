/** Tests of filters. */
@NullMarked
package io.budmetrics.filter;

import org.jspecify.annotations.NullMarked;
