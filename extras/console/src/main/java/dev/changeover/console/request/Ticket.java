package dev.changeover.console.request;

/**
 * A request that is under way.
 *
 * @param id its number
 * @param attached whether somebody had asked for the same before
 */
public record Ticket(long id, boolean attached) {}
