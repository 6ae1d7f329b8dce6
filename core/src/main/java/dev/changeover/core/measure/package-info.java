/** What instances count of what they serve and compare, for gates and reports that look at all of them together. */
@NullMarked
package dev.changeover.core.measure;

import org.jspecify.annotations.NullMarked;
