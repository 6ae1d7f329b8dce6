@NullMarked
package dev.changeover.shadowcompare;

import org.jspecify.annotations.NullMarked;
