/** How a store says its mapping in SQL; what the adapters share. */
@NullMarked
package dev.changeover.core.projection;

import org.jspecify.annotations.NullMarked;
