@NullMarked
package dev.changeover.legacyadapter;

import org.jspecify.annotations.NullMarked;
