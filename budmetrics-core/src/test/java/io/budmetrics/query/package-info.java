/** Tests of questions. */
@NullMarked
package io.budmetrics.query;

import org.jspecify.annotations.NullMarked;
