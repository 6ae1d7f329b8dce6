package dev.changeover.benchmarks.database;

/** The entity of the database benchmarks. */
record Account(long id, String name, long balance, String state) {}
