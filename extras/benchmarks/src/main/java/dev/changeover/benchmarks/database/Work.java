package dev.changeover.benchmarks.database;

import dev.changeover.benchmarks.database.Contender.Operation;

/**
 * Accounts to write, in turn: inserts take new keys, updates walk through the first half of the rows that were there
 * from the start, deletes take the second half from its end. The same for every contender.
 */
final class Work {

    private final Operation operation;
    private final long rows;
    private long turn;

    Work(Operation operation, long rows) {
        this.operation = operation;
        this.rows = rows;
    }

    Account next() {
        long now = turn++;
        long id = switch (operation) {
            case INSERT -> rows + 1 + now;
            case UPDATE -> 1 + (now * 7919) % (rows / 2);
            case DELETE -> rows - now;
        };
        if (operation == Operation.DELETE && id <= rows / 2) {
            throw new IllegalStateException("There are no rows left to delete");
        }
        return new Account(id, "account " + id + " at " + now, now, now % 2 == 0 ? "open" : "shut");
    }
}
