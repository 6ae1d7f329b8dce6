package dev.changeover.benchmarks.database;

/** The port of the database benchmarks: one statement a method. */
interface Accounts {

    void insert(Account account);

    void update(Account account);

    void delete(long id);
}
