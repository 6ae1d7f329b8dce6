/** What the application knows: its entities and its repositories. Nothing here speaks of a schema or of the move. */
@NullMarked
package dev.changeover.examples.domain;

import org.jspecify.annotations.NullMarked;
