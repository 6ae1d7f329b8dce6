package dev.changeover.benchmarks.database;

import java.util.Map;

/** An entity with children, for what sentinels see of both. */
record Basket(long id, long value, Map<Long, Long> items) {}
