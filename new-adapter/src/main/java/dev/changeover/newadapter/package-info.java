/** The new side: jOOQ over the new schema, always on the caller's connection. */
@NullMarked
package dev.changeover.newadapter;

import org.jspecify.annotations.NullMarked;
