package dev.changeover.benchmarks.database;

/** One way to write twice, or once. Each call is a transaction of its own. */
interface Contender extends AutoCloseable {

    /** Returns its name in tables. */
    String title();

    /** Does one operation. */
    void run(Operation operation, Account account) throws Exception;

    /** Says whether the sides are equal, and fails if they are not. */
    void check();

    @Override
    void close();

    /** What is done. */
    enum Operation {
        INSERT,
        UPDATE,
        DELETE;

        void on(Accounts accounts, Account account) {
            switch (this) {
                case INSERT -> accounts.insert(account);
                case UPDATE -> accounts.update(account);
                case DELETE -> accounts.delete(account.id());
            }
        }
    }
}
