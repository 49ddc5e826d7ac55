/** Benchmarks of building statements, decoding results and whole questions. */
@NullMarked
package io.budmetrics.bench;

import org.jspecify.annotations.NullMarked;
