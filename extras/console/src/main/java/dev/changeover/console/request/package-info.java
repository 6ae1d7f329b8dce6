/** What the application is asked to do, because only it has the mappings. */
@NullMarked
package dev.changeover.console.request;

import org.jspecify.annotations.NullMarked;
