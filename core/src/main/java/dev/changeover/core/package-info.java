/** The switch between a legacy and a new repository: stages, routing, marks, the law of the copy, and backfill. */
@NullMarked
package dev.changeover.core;

import org.jspecify.annotations.NullMarked;
