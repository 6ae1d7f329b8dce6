/** A real PostgreSQL, faults and schedules, for the tests of Changeover and of the applications that embed it. */
@NullMarked
package dev.changeover.testkit;

import org.jspecify.annotations.NullMarked;
