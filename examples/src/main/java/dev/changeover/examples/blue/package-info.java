/** The old build of the application, which runs beside the new one and has never heard of the library. */
@NullMarked
package dev.changeover.examples.blue;

import org.jspecify.annotations.NullMarked;
