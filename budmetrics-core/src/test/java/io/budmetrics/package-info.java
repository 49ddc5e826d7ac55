/** Tests of the front door. */
@NullMarked
package io.budmetrics;

import org.jspecify.annotations.NullMarked;
