/** What a move has to pass: named checks, what they found, and the plan that says which of them belong to which move. */
@NullMarked
package dev.changeover.core.gate;

import org.jspecify.annotations.NullMarked;
