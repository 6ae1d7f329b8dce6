/** Where stages, marks and history are kept: PostgreSQL, or memory for unit tests. */
@NullMarked
package dev.changeover.core.control;

import org.jspecify.annotations.NullMarked;
