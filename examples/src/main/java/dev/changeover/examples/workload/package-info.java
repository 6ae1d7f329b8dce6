/** The live traffic: readers and writers over the three repositories, with a journal of what they were told. */
@NullMarked
package dev.changeover.examples.workload;

import org.jspecify.annotations.NullMarked;
