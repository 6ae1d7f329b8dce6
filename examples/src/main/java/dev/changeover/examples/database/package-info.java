/** The server, its schemas and the application's pool. */
@NullMarked
package dev.changeover.examples.database;

import org.jspecify.annotations.NullMarked;
