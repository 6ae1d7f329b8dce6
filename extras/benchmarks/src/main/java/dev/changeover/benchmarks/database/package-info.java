/** Round trips and paired times on a real PostgreSQL with durability on. */
package dev.changeover.benchmarks.database;
