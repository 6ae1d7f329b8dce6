/** What a backfill looks at to be gentle, and what it finds before it begins. */
@NullMarked
package dev.changeover.core.backfill;

import org.jspecify.annotations.NullMarked;
