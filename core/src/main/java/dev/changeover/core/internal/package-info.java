/** The engine. Nothing here is for users. */
@NullMarked
package dev.changeover.core.internal;

import org.jspecify.annotations.NullMarked;
