@NullMarked
package dev.changeover.shadowcompare.report;

import org.jspecify.annotations.NullMarked;
