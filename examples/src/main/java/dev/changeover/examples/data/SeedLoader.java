package dev.changeover.examples.data;

import dev.changeover.examples.database.Schemas;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Fills the legacy tables by COPY. */
public final class SeedLoader {

    private static final int BUFFER = 256 * 1024;

    private final Connection connection;
    private final Schemas schemas;

    private SeedLoader(Connection connection, Schemas schemas) {
        this.connection = connection;
        this.schemas = schemas;
    }

    /** Loads the data. */
    public static void load(DataSource dataSource, Schemas schemas, SeedData data) {
        try (Connection connection = dataSource.getConnection()) {
            new SeedLoader(connection, schemas).load(data);
        } catch (SQLException e) {
            throw new IllegalStateException("the tables could not be filled: " + e.getMessage(), e);
        }
    }

    private void load(SeedData data) throws SQLException {
        copy(
                "users (id, email, password_hash, display_name, is_active, created_at, updated_at, version)",
                data.users());
        copy(
                "meetings (id, title, room_code, host_id, status, max_participants, started_at, ended_at,"
                        + " peak_participants, created_at, updated_at, version)",
                data.rooms());
        copy("audit_logs (action, user_id, room_id, metadata, ip_address, created_at)", data.auditLogs());
    }

    private void copy(String target, Stream<String> lines) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(schemas.into("copy ${legacy}." + target + " from stdin"));
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER);
        for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
            buffer.writeBytes(i.next().getBytes(StandardCharsets.UTF_8));
            if (buffer.size() > BUFFER - 4096 || !i.hasNext()) {
                copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
                buffer.reset();
            }
        }
        copy.endCopy();
    }
}
