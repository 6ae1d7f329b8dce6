package dev.changeover.console;

/** What a role needs that works with this command line and writes no data of the application. */
final class Operator {
    private static final String GRANTS = """
            -- What the role of somebody who uses the command line needs. It can alter nothing that was recorded.
            GRANT USAGE ON SCHEMA changeover TO {role};
            -- to look: status, marks, divergences, sentinels, requests, doctor
            GRANT SELECT ON ALL TABLES IN SCHEMA changeover TO {role};
            GRANT EXECUTE ON FUNCTION changeover.lagging(integer), changeover.in_the_way(integer),
                changeover.asleep(integer), changeover.fence_holders(integer[], interval) TO {role};
            -- to ask the application: gates, move, back, ramp, maintain, preflight, backfill, accept, verify, repair, explain, marks retry and drain
            GRANT INSERT (repository, verb, arguments, actor, reason, expires_at) ON changeover.request TO {role};
            -- to move without the application: back, and move with --direct
            GRANT EXECUTE ON FUNCTION
                changeover.move(text[], text, text, text, bigint, integer, integer, jsonb),
                changeover.percent(text[], integer, text, text, jsonb, bigint, bigint) TO {role};
            -- to vouch for what no gate can see
            GRANT EXECUTE ON FUNCTION changeover.attest(text, text, bigint, text, text) TO {role};
            -- to decide about divergences
            GRANT EXECUTE ON FUNCTION
                changeover.review(bigint[], bigint[], text, text, text, text, text, timestamptz),
                changeover.review_path(text, text, text, text, text, text, timestamptz, text) TO {role};
            """;

    private Operator() {}

    static String grants(String role) {
        return GRANTS.replace("{role}", '"' + role.replace("\"", "\"\"") + '"');
    }
}
