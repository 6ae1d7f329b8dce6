/** Shadow reads, the comparison of their fields, divergences and their review, verification and repair. */
@NullMarked
package dev.changeover.shadowcompare;

import org.jspecify.annotations.NullMarked;
