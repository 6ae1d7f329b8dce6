/** The end of a transition: the live rename, the backup that is checked, the gate, and the drop of the legacy tables. */
@NullMarked
package dev.changeover.legacyadapter.retire;

import org.jspecify.annotations.NullMarked;
