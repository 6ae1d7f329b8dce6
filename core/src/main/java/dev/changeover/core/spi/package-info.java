/** What adapters implement: transactions, observers of reads. Users meet these types only as arguments. */
@NullMarked
package dev.changeover.core.spi;

import org.jspecify.annotations.NullMarked;
