/** Figures beside the peers: what is measured, how it is printed, how it gets into the README. */
@NullMarked
package dev.changeover.benchmarks;

import org.jspecify.annotations.NullMarked;
