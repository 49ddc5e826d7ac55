/** Tests of analytics questions and answers. */
@NullMarked
package io.budmetrics.analytics;

import org.jspecify.annotations.NullMarked;
