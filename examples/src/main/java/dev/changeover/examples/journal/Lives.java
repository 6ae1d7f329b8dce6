package dev.changeover.examples.journal;

import java.util.Map;

/**
 * What a journal says of the lives of the job, each of which but the last was ended by a kill.
 *
 * @param count how many there were
 * @param filled whether the tables were filled
 * @param phase the last phase that began
 * @param acknowledged acknowledged writes by phase, in the order of the phases
 * @param callerErrors errors that reached callers
 */
public record Lives(int count, boolean filled, String phase, Map<String, Long> acknowledged, long callerErrors) {

    /** Before the first one. */
    public static final Lives NONE = new Lives(0, false, "LEGACY_ONLY", Map.of(), 0);
}
