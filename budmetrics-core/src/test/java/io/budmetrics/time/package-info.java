/** Tests of ranges and buckets. */
@NullMarked
package io.budmetrics.time;

import org.jspecify.annotations.NullMarked;
