/** Where the database is, who logs in, and how passwords are kept out of sight. */
@NullMarked
package dev.changeover.console.connect;

import org.jspecify.annotations.NullMarked;
