/** How values are compared, field by field. Nobody types these names. */
@NullMarked
package dev.changeover.shadowcompare.internal;

import org.jspecify.annotations.NullMarked;
