package dev.changeover.examples.check;

import dev.changeover.examples.journal.EntityId;

/**
 * Something that the final check found.
 *
 * @param id the entity
 * @param what what is wrong with it
 */
public record Finding(EntityId id, String what) {}
