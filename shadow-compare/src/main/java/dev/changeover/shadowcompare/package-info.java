/**
 * Shadow reads, the comparison of their fields, divergences, verification and repair. {@code ShadowReads} and
 * {@code Verification} are the ways in.
 */
@NullMarked
package dev.changeover.shadowcompare;

import org.jspecify.annotations.NullMarked;
