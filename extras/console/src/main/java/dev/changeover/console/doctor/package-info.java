/** Checks that need no mapping, each with a remedy. */
@NullMarked
package dev.changeover.console.doctor;

import org.jspecify.annotations.NullMarked;
