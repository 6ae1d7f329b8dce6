@NullMarked
package dev.changeover.testkit;

import org.jspecify.annotations.NullMarked;
