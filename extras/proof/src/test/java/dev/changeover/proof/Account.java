package dev.changeover.proof;

/** The entity of the proofs. */
record Account(Long id, String name, long balance, String state) {

    Account(long id, String name, long balance) {
        this(id, name, balance, "open");
    }

    Account withBalance(long value) {
        return new Account(id, name, value, state);
    }
}
