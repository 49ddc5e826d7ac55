@NullMarked
package io.budmetrics.schema;

import org.jspecify.annotations.NullMarked;
