/**
 * A real PostgreSQL for tests, and what it takes to break it on purpose: clusters that crash and come back, a proxy
 * that loses replies, sessions that run in a chosen order, and threads that stop at a named point.
 */
@NullMarked
package dev.changeover.testkit;

import org.jspecify.annotations.NullMarked;
