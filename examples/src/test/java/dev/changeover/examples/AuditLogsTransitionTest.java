package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.Ports;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.testkit.RepositoryTest;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

class AuditLogsTransitionTest extends ExampleContract<Long, AuditLog> {

    @RepositoryTest
    void an_audit_entry_gets_its_number_from_the_database_and_its_metadata_in_one_form(Ports ports) {
        AuditLogRepository auditLogs = ports.auditLogs();
        UUID user = UUID.randomUUID();
        AuditLog entry = new AuditLog(null, "LOGIN", user, null, "{ \"b\":1,\"a\": \"ü\" }", "::1", T0);

        AuditLog first = inTransaction(() -> auditLogs.append(entry));
        AuditLog second = inTransaction(() -> auditLogs.append(entry));

        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(auditLogs.findById(first.id()).orElseThrow().metadata()).isEqualTo("{\"a\": \"ü\", \"b\": 1}");
        assertThat(auditLogs.findByUser(user, 10)).extracting(AuditLog::id).containsExactly(second.id(), first.id());
        doInTransaction(() -> auditLogs.delete(first.id()));
        assertThat(auditLogs.countByUser(user)).isEqualTo(1);
    }

    @Override
    protected Routed<Ports> route(Stores<Long, AuditLog> stores) {
        return start(wired.withAuditLogs(stores.legacy(), stores.next()), "audit_logs");
    }

    @Override
    protected Stores<Long, AuditLog> stores() {
        return new Stores<>(wired.legacyAuditLogs(), wired.nextAuditLogs());
    }

    @Override
    protected StateComparison<AuditLog> comparison() {
        return RecordComparison.of(AuditLog.class).build();
    }

    @Override
    protected Long key(AuditLog entry) {
        return Objects.requireNonNull(entry.id());
    }

    @Override
    protected Stream<AuditLog> samples() {
        UUID someone = UUID.fromString("deadbeef-0000-4000-8000-000000000003");
        return Stream.of(
                new AuditLog(1L, "LOGIN", someone, someone, "{\"a\": \"ü\", \"b\": 1.50}", "::1", T0),
                new AuditLog(Long.MAX_VALUE, "", null, null, null, null, T1),
                new AuditLog(-1L, "JSON", null, null, "[null]", "", T2));
    }

    @Override
    protected Stream<String> legacyRows() {
        return Stream.of("insert into conference_legacy.audit_logs values (7, ' ', null, null,"
                + " '{\"b\": 1e2, \"a\": [ ]}', '127.0.0.1', 'epoch')");
    }
}
