package dev.changeover.examples.journal;

/**
 * An entity of the whole application.
 *
 * @param repository the name of its repository
 * @param key its key as text
 */
public record EntityId(String repository, String key) {}
