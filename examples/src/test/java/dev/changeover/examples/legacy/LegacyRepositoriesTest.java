package dev.changeover.examples.legacy;

import dev.changeover.examples.RepositoryContract;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.UserRepository;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.springframework.transaction.PlatformTransactionManager;

class LegacyRepositoriesTest extends RepositoryContract {

    private static final TestDatabase DATABASE = TestDatabase.withBothSchemas();
    private static final LegacySide SIDE = new LegacySide(DATABASE.pool(), Schemas.DEFAULT, changed -> {});

    @AfterAll
    static void close() {
        SIDE.close();
        DATABASE.close();
    }

    @Override
    protected UserRepository users() {
        return SIDE.users();
    }

    @Override
    protected RoomRepository rooms() {
        return SIDE.rooms();
    }

    @Override
    protected AuditLogRepository auditLogs() {
        return SIDE.auditLogs();
    }

    @Override
    protected DataSource dataSource() {
        return DATABASE.pool();
    }

    @Override
    protected PlatformTransactionManager transactionManager() {
        return SIDE.transactionManager();
    }
}
