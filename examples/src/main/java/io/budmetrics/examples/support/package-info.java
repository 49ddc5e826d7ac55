/** Code that the commands share: tables, the report, the trace format, progress. */
@NullMarked
package io.budmetrics.examples.support;

import org.jspecify.annotations.NullMarked;
