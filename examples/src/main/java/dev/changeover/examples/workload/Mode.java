package dev.changeover.examples.workload;

import org.springframework.transaction.TransactionDefinition;

/** In what kind of transaction a unit of work runs. */
enum Mode {
    /** None of its own: the repository call stands alone. */
    BARE(TransactionDefinition.ISOLATION_DEFAULT),
    /** The default of the server. */
    READ_COMMITTED(TransactionDefinition.ISOLATION_DEFAULT),
    /** The default, and thrown away at the end. */
    ABANDONED(TransactionDefinition.ISOLATION_DEFAULT),
    REPEATABLE_READ(TransactionDefinition.ISOLATION_REPEATABLE_READ),
    SERIALIZABLE(TransactionDefinition.ISOLATION_SERIALIZABLE);

    final int isolation;

    Mode(int isolation) {
        this.isolation = isolation;
    }

    boolean readCommitted() {
        return isolation == TransactionDefinition.ISOLATION_DEFAULT;
    }
}
