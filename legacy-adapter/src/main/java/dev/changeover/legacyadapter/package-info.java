/** The legacy side: the application's own transactions, and stores over its existing tables. */
@NullMarked
package dev.changeover.legacyadapter;

import org.jspecify.annotations.NullMarked;
