package dev.changeover.proof.torture;

import java.util.Optional;

/** The port of the parents. */
interface Owners {

    Optional<Owner> find(long id);

    Owner save(Owner owner);

    void delete(long id);
}
