/** The data that the job starts from, made from a seed and dirty on purpose. */
@NullMarked
package dev.changeover.examples.data;

import org.jspecify.annotations.NullMarked;
