package dev.changeover.examples;

import dev.changeover.core.Side;
import dev.changeover.examples.database.Schemas;
import dev.changeover.shadowcompare.Invariant;
import java.util.List;
import java.util.stream.Stream;

/** What must be the same on both sides beside the rows, and what must not be on one of them. */
final class Invariants {

    private Invariants() {}

    static List<Invariant> of(String repository, Schemas schemas) {
        Stream<Invariant> invariants = switch (repository) {
            case "users" -> users(schemas);
            case "rooms" -> rooms(schemas);
            default -> auditLogs(schemas);
        };
        return invariants.toList();
    }

    private static Stream<Invariant> users(Schemas schemas) {
        return Stream.of(
                Invariant.sql(
                        "users who are active",
                        schemas.into("select is_active, count(*) from ${legacy}.users group by 1"),
                        schemas.into(
                                "select is_active, count(*) from ${new}.users where deleted_at is null group by 1")),
                Invariant.none(
                        "users without a way to sign in",
                        Side.NEW,
                        schemas.into("select 'some' from ${new}.users u where u.deleted_at is null and not exists"
                                + " (select from ${new}.auth_providers p where p.user_id = u.id) limit 1")));
    }

    private static Stream<Invariant> rooms(Schemas schemas) {
        String sums = "select count(*), sum(max_participants), sum(peak_participants), count(ended_at) from ";
        return Stream.of(Invariant.sql(
                "rooms and their seats",
                schemas.into(sums + "${legacy}.meetings"),
                schemas.into(sums + "${new}.rooms where deleted_at is null")));
    }

    private static Stream<Invariant> auditLogs(Schemas schemas) {
        return Stream.of(Invariant.sql(
                "entries of each action",
                schemas.into("select action, count(*) from ${legacy}.audit_logs group by 1"),
                schemas.into("select action, count(*) from ${new}.audit_logs group by 1")));
    }
}
