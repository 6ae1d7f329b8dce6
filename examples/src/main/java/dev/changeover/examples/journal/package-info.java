/** What the writers were told, kept in a file outside the database. */
@NullMarked
package dev.changeover.examples.journal;

import org.jspecify.annotations.NullMarked;
