/** A Spring Boot service over the library; the same sources are built with Spring Boot 3.5 and with 4.0. */
@NullMarked
package io.budmetrics.examples.springboot;

import org.jspecify.annotations.NullMarked;
