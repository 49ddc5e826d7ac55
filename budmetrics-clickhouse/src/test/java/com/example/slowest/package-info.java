/** A kind of question that a service adds, outside the packages of the library. */
@NullMarked
package com.example.slowest;

import org.jspecify.annotations.NullMarked;
