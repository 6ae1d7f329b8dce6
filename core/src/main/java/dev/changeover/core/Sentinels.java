package dev.changeover.core;

import java.util.List;

/**
 * Triggers on the tables of an entity, on both sides, that see every change which neither a routed write nor a copy
 * accounts for: of an old build that still runs, of psql, of a cron job, of a bulk statement inside the application. A
 * change of the side that leads is marked in the transaction that makes it, and the drain copies it; one of the side that
 * follows is refused or marked, see {@link Strangers}. Inside a routed write the changed keys that it did not declare are
 * collected and copied with it.
 *
 * <p>The role needs the right to create triggers on the tables and functions in the schema {@code changeover}. Where only
 * a DBA has it, print the statements with {@link #ddl} and have them run. Safe for use by several threads.
 */
public interface Sentinels {

    /**
     * Installs the sentinels of both sides, in one transaction that holds the fence. To be done in LEGACY_ONLY, before
     * the first write is copied; later is possible, but what went round the library before is not known then, so verify
     * both sides afterwards. Installing again brings them to the tables as they are declared now.
     *
     * @param repository a repository that was built here
     * @param strangers what becomes of writes to the side that follows
     * @param actor who asks
     * @param reason why
     * @throws ConfigurationException if a store does not tell its tables, or a table cannot be watched, such as a
     *     partitioned one
     * @throws MoveRefusedException if open transactions hold the tables or the fence; nothing was changed then
     */
    void install(String repository, Strangers strangers, String actor, String reason);

    /**
     * Removes the sentinels of both sides.
     *
     * @throws MoveRefusedException if an operation needs them (see {@link Routes#bulk}), or the fence was not to be had
     */
    void remove(String repository, String actor, String reason);

    /** Returns the script that {@link #install} runs, for a DBA to read and to run. */
    String ddl(String repository, Strangers strangers, String actor, String reason);

    /** Returns who wrote round the library, how often and when last; the most frequent first. */
    List<ForeignWriter> foreignWriters(String repository);
}
