package dev.changeover.examples.legacy;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuditLogRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/** Audit logs through plain JDBC. */
class JdbcAuditLogRepository implements AuditLogRepository {

    private static final String SELECT =
            "select id, action, user_id, room_id, metadata," + " ip_address, created_at from ${legacy}.audit_logs ";

    private final JdbcTemplate jdbc;
    private final Schemas schemas;

    JdbcAuditLogRepository(JdbcTemplate jdbc, Schemas schemas) {
        this.jdbc = jdbc;
        this.schemas = schemas;
    }

    @Override
    public Optional<AuditLog> findById(long id) {
        return Optional.ofNullable(DataAccessUtils.singleResult(query("where id = ?", id)));
    }

    @Override
    public List<AuditLog> findByUser(UUID userId, int limit) {
        return query("where user_id = ? order by created_at desc, id desc limit ?", userId, limit);
    }

    @Override
    public long countByUser(UUID userId) {
        String sql = schemas.into("select count(*) from ${legacy}.audit_logs where user_id = ?");
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, userId));
    }

    @Override
    public AuditLog append(AuditLog entry) {
        String sql = schemas.into(
                "insert into ${legacy}.audit_logs (action, user_id, room_id, metadata, ip_address, created_at)"
                        + " values (?, ?, ?, ?::jsonb, ?, ?) returning id");
        Long id = jdbc.queryForObject(
                sql,
                Long.class,
                entry.action(),
                entry.userId(),
                entry.roomId(),
                entry.metadata(),
                entry.ipAddress(),
                OffsetDateTime.ofInstant(entry.timestamp(), ZoneOffset.UTC));
        return entry.numbered(Objects.requireNonNull(id));
    }

    @Override
    public void delete(long id) {
        jdbc.update(schemas.into("delete from ${legacy}.audit_logs where id = ?"), id);
    }

    private List<AuditLog> query(String condition, Object... arguments) {
        return jdbc.query(schemas.into(SELECT) + condition, (row, number) -> entry(row), arguments);
    }

    private static AuditLog entry(ResultSet row) throws SQLException {
        return new AuditLog(
                row.getLong("id"),
                row.getString("action"),
                row.getObject("user_id", UUID.class),
                row.getObject("room_id", UUID.class),
                row.getString("metadata"),
                row.getString("ip_address"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
