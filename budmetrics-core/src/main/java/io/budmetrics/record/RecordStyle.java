package io.budmetrics.record;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Value;

/**
 * How Immutables implements the record. It stays out of class files, and so do the annotations with elements that
 * Immutables would add: a consumer's compiler looks for their classes, and warns when it does not find them.
 */
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        overshadowImplementation = true,
        depluralize = false,
        optionalAcceptNullable = true,
        // the record checks what is required itself, so that the error is ours and names the column
        validationMethod = Value.Style.ValidationMethod.NONE,
        defaults = @Value.Immutable(copy = false),
        allowedClasspathAnnotations = CanIgnoreReturnValue.class)
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
@interface RecordStyle {}
