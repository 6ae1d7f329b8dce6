/** The protocol as a model, in which every schedule of a few transactions is looked at. */
@NullMarked
package dev.changeover.proof.model;

import org.jspecify.annotations.NullMarked;
