package dev.changeover.proof.torture;

/** The entity that is written most; its owner may be null. */
record Account(Long id, Long owner, String name, long balance) {

    Account plus(long amount) {
        return new Account(id, owner, name, balance + amount);
    }

    Account at(long key) {
        return new Account(key, owner, name, balance);
    }
}
