/** The repositories over the new schema: jOOQ with generated classes. */
@NullMarked
package dev.changeover.examples.next;

import org.jspecify.annotations.NullMarked;
