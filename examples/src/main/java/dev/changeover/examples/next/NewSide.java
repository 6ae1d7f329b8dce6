package dev.changeover.examples.next;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.ParticipantRepository;
import dev.changeover.examples.domain.RecordingRepository;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.UserRepository;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The repositories over the new schema. They run in the transaction that is active on the thread and never begin or end
 * one; a write of several rows wants one to be active.
 */
public final class NewSide {

    private final DSLContext dsl;
    private final Supplier<Release> release;

    /**
     * Creates the repositories on the application's data source.
     *
     * @param release which release of the new code runs; asked at each call, as a flag is
     */
    public NewSide(DataSource dataSource, Schemas schemas, Supplier<Release> release) {
        this.release = release;
        this.dsl = DSL.using(new DefaultConfiguration()
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
                .set(SQLDialect.POSTGRES)
                .set(settings(schemas))
                .set(new SpringExceptions()));
    }

    /** Returns the settings under which the generated classes name the tables of this schema. */
    static Settings settings(Schemas schemas) {
        return new Settings()
                .withRenderMapping(new RenderMapping()
                        .withSchemata(new MappedSchema()
                                .withInput(Schemas.DEFAULT.next())
                                .withOutput(schemas.next())));
    }

    /** Returns the users. */
    public UserRepository users() {
        return new JooqUserRepository(dsl);
    }

    /** Returns the rooms. */
    public RoomRepository rooms() {
        return new JooqRoomRepository(dsl, release);
    }

    /** Returns the audit logs. */
    public AuditLogRepository auditLogs() {
        return new JooqAuditLogRepository(dsl);
    }

    /** Returns who is in which room. */
    public ParticipantRepository participants() {
        return new JooqParticipantRepository(dsl);
    }

    /** Returns the recordings. */
    public RecordingRepository recordings() {
        return new JooqRecordingRepository(dsl);
    }

    /** Returns the server process behind this side's connection. */
    public int backend() {
        return dsl.fetchSingle("select pg_backend_pid()").get(0, Integer.class);
    }
}
