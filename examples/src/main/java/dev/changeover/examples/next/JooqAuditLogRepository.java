package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.AUDIT_LOGS;

import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.next.generated.tables.records.AuditLogsRecord;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.springframework.transaction.annotation.Transactional;

/** Audit logs through jOOQ. */
@Transactional
class JooqAuditLogRepository implements AuditLogRepository {

    private final DSLContext dsl;

    JooqAuditLogRepository(DSLContext dsl) {
        this.dsl = dsl;
    }

    @Override
    public Optional<AuditLog> findById(long id) {
        return dsl.selectFrom(AUDIT_LOGS).where(AUDIT_LOGS.ID.eq(id)).fetchOptional(JooqAuditLogRepository::entry);
    }

    @Override
    public List<AuditLog> findByUser(UUID userId, int limit) {
        return dsl.selectFrom(AUDIT_LOGS)
                .where(AUDIT_LOGS.USER_ID.eq(userId))
                .orderBy(AUDIT_LOGS.TIMESTAMP.desc(), AUDIT_LOGS.ID.desc())
                .limit(limit)
                .fetch(JooqAuditLogRepository::entry);
    }

    @Override
    public long countByUser(UUID userId) {
        return dsl.fetchCount(AUDIT_LOGS, AUDIT_LOGS.USER_ID.eq(userId));
    }

    @Override
    public AuditLog append(AuditLog entry) {
        Long id = dsl.insertInto(AUDIT_LOGS)
                .set(row(entry))
                .returningResult(AUDIT_LOGS.ID)
                .fetchSingle(AUDIT_LOGS.ID);
        return entry.numbered(Objects.requireNonNull(id));
    }

    /** A rehearsal brings the number that legacy gave. */
    private AuditLogsRecord row(AuditLog entry) {
        AuditLogsRecord row = dsl.newRecord(AUDIT_LOGS);
        if (entry.id() != null) {
            row.setId(entry.id());
        }
        row.setAction(entry.action());
        row.setUserId(entry.userId());
        row.setRoomId(entry.roomId());
        row.setMetadata(JSONB.jsonbOrNull(entry.metadata()));
        row.setIpAddress(entry.ipAddress());
        row.setTimestamp(entry.timestamp());
        return row;
    }

    @Override
    public void delete(long id) {
        dsl.deleteFrom(AUDIT_LOGS).where(AUDIT_LOGS.ID.eq(id)).execute();
    }

    private static AuditLog entry(AuditLogsRecord row) {
        JSONB metadata = row.getMetadata();
        return new AuditLog(
                row.getId(),
                row.getAction(),
                row.getUserId(),
                row.getRoomId(),
                metadata == null ? null : metadata.data(),
                row.getIpAddress(),
                row.getTimestamp());
    }
}
