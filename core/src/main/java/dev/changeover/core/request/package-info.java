/** What people ask of a running application through the control schema, and who answers. */
@NullMarked
package dev.changeover.core.request;

import org.jspecify.annotations.NullMarked;
