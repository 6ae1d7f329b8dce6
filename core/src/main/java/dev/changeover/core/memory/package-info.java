/** Control, transactions and stores in memory, for the unit tests of services that use the library. */
@NullMarked
package dev.changeover.core.memory;

import org.jspecify.annotations.NullMarked;
