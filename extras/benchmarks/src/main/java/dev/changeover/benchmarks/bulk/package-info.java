/** Moving and checking tables of millions of rows: backfill, verification, memory, and what live traffic feels of it. */
package dev.changeover.benchmarks.bulk;
