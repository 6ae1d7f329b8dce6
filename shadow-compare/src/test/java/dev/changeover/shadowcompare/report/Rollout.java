package dev.changeover.shadowcompare.report;

import dev.changeover.core.Stage;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.GateReport;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.testkit.PostgresDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rollout in the middle of its way: four repositories of a conference service, as docs/report.md shows them. */
final class Rollout {
    final Told told;
    final TransitionReport report;

    Rollout(PostgresDatabase db) {
        this.told = new Told(db).register("users", "rooms", "audit_logs", "settings");
        users();
        rooms();
        auditLogs();
        told.effects();
        report = TransitionReport.read(db.dataSource()).withGates(gates(), back());
    }

    private void users() {
        told.walk("users", "RAMP")
                .percent("users", 10, "alice", "latency as before")
                .percent("users", 25, "alice", "no divergence at 10 %")
                .stepsApart("users", Duration.ofHours(13), Duration.ofMinutes(150))
                .instance("pod-7c9f-1", "conference 4.12", 3600, "users", 0)
                .instance("pod-7c9f-2", "conference 4.12", 3600, "users", 0)
                .instance("pod-5d81-9", "conference 4.11", 3600, "users", 1)
                .instance("pod-5d81-3", "conference 4.11", -7200, "users", 1);
        for (int slot = 0; slot < 48; slot++) {
            long most = Math.round(800 + 700 * Math.sin((slot - 12) / 48.0 * 2 * Math.PI) + 37 * (slot % 5));
            told.compared(
                            "users",
                            "find",
                            "READ",
                            slot * 30 + 3,
                            most,
                            0,
                            slot % 3,
                            slot == 9 || slot == 10 ? 14 : 0,
                            0,
                            slot % 7)
                    .compared(
                            "users",
                            "save",
                            "WRITE_CHECK",
                            slot * 30 + 3,
                            most / 9,
                            slot % 4,
                            0,
                            slot == 10 ? 3 : 0,
                            0,
                            0);
        }
        for (int minute = 1; minute < 1440; minute += 20) {
            boolean since = minute < 150;
            told.called("users", "find", "LEGACY", minute, since ? 930 : 1200, 1, 1.3)
                    .called("users", "find", "NEW", minute, since ? 310 : 130, 0, since ? 1.7 : 1.6)
                    .called("users", "byEmail", "LEGACY", minute, 240, 0, 4.1)
                    .called("users", "byEmail", "NEW", minute, since ? 80 : 30, 0, 1.4)
                    .called("users", "save", "LEGACY", minute, 90, 0, 2.9)
                    .followed("users", "save", "LEGACY", minute, 90, 1.1);
        }
        String lastUsed = "authProviders[].lastUsedAt";
        told.diverged(
                        "users",
                        "find",
                        lastUsed,
                        "VALUE",
                        24,
                        Told.samples(lastUsed, "<Instant>", "<Instant>, 412 ms apart"))
                .diverged(
                        "users",
                        "save",
                        lastUsed,
                        "VALUE",
                        3,
                        Told.samples(lastUsed, "<Instant>", "<Instant>, 980 ms apart"))
                .diverged(
                        "users",
                        "find",
                        "authProviders[].scopes",
                        "ORDER",
                        9,
                        Told.samples("authProviders[].scopes", "in order", "in another order"))
                .diverged(
                        "users",
                        "find",
                        "displayName",
                        "VALUE",
                        4,
                        Told.samples("displayName", "<String>", "<String>, only blanks differ"))
                .diverged("users", "find", "avatar.url", "MISSING", 2, Told.samples("avatar.url", "<URI>", "missing"))
                .reviewed(lastUsed, "EXPLAINED", "bob", "CONF-1182", "2031-01-15T00:00:00Z")
                .reviewed("displayName", "TO_BE_FIXED", "carol", "CONF-1190", null)
                .verified(
                        "users",
                        1_204_331,
                        "DIVERGED",
                        "{\"legacy\": 1204331, \"next\": 1204331, \"equal\": 1204327, \"different\": 4}",
                        "{\"displayName\": 4}",
                        "40 hours")
                .verified(
                        "users",
                        1_204_871,
                        "MATCH",
                        "{\"legacy\": 1204871, \"next\": 1204871, \"equal\": 1204871}",
                        "{}",
                        "30 hours")
                .verified(
                        "users",
                        1_205_009,
                        "MATCH",
                        "{\"legacy\": 1205009, \"next\": 1205009, \"equal\": 1205009}",
                        "{}",
                        "6 hours")
                .verified("users", 511_000, null, "{}", "{}", "10 seconds")
                .marked("users", "8841", "follower failed", "14 minutes")
                .marked("users", "20991", "follower was too slow", "3 minutes")
                .parked("users", "8841", "SQLSTATE 23514, constraint \"users_email_check\"")
                .foreign("users", "reporting", "nightly-cleanup.sh", 119);
    }

    private void rooms() {
        told.walk("rooms", "NEW_PRIMARY")
                .stepsApart("rooms", Duration.ofHours(31), Duration.ofHours(5))
                .instance("pod-7c9f-1", "conference 4.12", 3600, "rooms", 0)
                .instance("pod-7c9f-2", "conference 4.12", 3600, "rooms", 0);
        for (int slot = 0; slot < 48; slot++) {
            told.compared("rooms", "find", "READ", slot * 30 + 3, 200 + 11 * (slot % 9), 0, 0, 0, 0, 0);
            told.called("rooms", "find", "NEW", slot * 30 + 3, 300, 0, 0.8);
            told.called("rooms", "find", "LEGACY", slot * 30 + 3, 100, 0, 0.9);
        }
        told.verified("rooms", 41_202, "MATCH", "{\"equal\": 41202}", "{}", "3 hours");
    }

    private void auditLogs() {
        told.walk("audit_logs", "SHADOW").stepsApart("audit_logs", Duration.ofHours(9), Duration.ofHours(30));
        told.compared("audit_logs", "recent", "READ", 4, 5_310, 2, 0, 0, 0, 0);
    }

    private static Instant in(Duration time) {
        return Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
    }

    private static GateResult result(
            String gate,
            Verdict verdict,
            String value,
            String limit,
            @Nullable String missing,
            @Nullable Instant until) {
        return new GateResult(gate, verdict, value, limit, missing, until);
    }

    private static GateResult pass(String gate, String value, String limit) {
        return result(gate, Verdict.PASS, value, limit, null, null);
    }

    static List<GateReport> gates() {
        return List.of(
                new GateReport(
                        "users",
                        "25 % -> 50 %",
                        List.of(
                                pass("backfill complete", "complete", "complete"),
                                result(
                                        "soak time",
                                        Verdict.FAIL,
                                        "2 h 30 min",
                                        "6 h",
                                        "Wait",
                                        in(Duration.ofMinutes(210))),
                                result(
                                        "divergences reviewed",
                                        Verdict.FAIL,
                                        "2 groups unreviewed",
                                        "0",
                                        "Review #3 and #5",
                                        null),
                                result(
                                        "instances on the epoch",
                                        Verdict.FAIL,
                                        "1 behind",
                                        "0",
                                        "Wait for pod-5d81-9, or end it",
                                        null),
                                result(
                                        "disk",
                                        Verdict.UNKNOWN,
                                        "no metrics",
                                        "below 80 %",
                                        "Look at the exporter",
                                        null))),
                new GateReport(
                        "users",
                        "RAMP -> NEW_PRIMARY",
                        List.of(result("ramp", Verdict.FAIL, "25 %", "100 %", "Go to 100 % first", null))),
                new GateReport(
                        "rooms",
                        "NEW_PRIMARY -> NEW_ONLY",
                        List.of(pass("soak time", "5 h", "4 h"), pass("backup", "attested by alice", "attested"))),
                new GateReport(
                        "audit_logs",
                        "SHADOW -> RAMP",
                        List.of(
                                pass("backfill complete", "complete", "complete"),
                                result(
                                        "verified",
                                        Verdict.FAIL,
                                        "never",
                                        "MATCH within a day",
                                        "Run a verification",
                                        null))));
    }

    static List<BackMove> back() {
        return List.of(
                new BackMove(
                        "users",
                        Stage.RAMP,
                        Stage.SHADOW,
                        BackMove.Verdict.SAFE,
                        List.of(),
                        "Legacy has led all the time."),
                new BackMove(
                        "rooms",
                        Stage.NEW_PRIMARY,
                        Stage.RAMP,
                        BackMove.Verdict.SAFE_AFTER_DRAIN,
                        List.of("17", "4"),
                        "Two keys are marked; the move drains them first."));
    }
}
