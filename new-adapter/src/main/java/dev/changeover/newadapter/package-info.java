@NullMarked
package dev.changeover.newadapter;

import org.jspecify.annotations.NullMarked;
