package dev.changeover.examples.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;

/** A PostgreSQL: one that lives as long as this process, or the user's own. */
public interface Server extends AutoCloseable {

    /** Returns the address for JDBC. */
    String url();

    @Override
    void close();

    /** Returns the user's own server, which is left as it is. */
    static Server at(String url) {
        return new Server() {
            @Override
            public String url() {
                return url;
            }

            @Override
            public void close() {
                // not ours
            }
        };
    }

    /** Starts an embedded server with its durability switched back on: the job is about what a commit is worth. */
    static Server embedded() throws IOException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "2GB")
                .setPGStartupWait(Duration.ofSeconds(90))
                .start();
        return new Server() {
            @Override
            public String url() {
                return postgres.getJdbcUrl("postgres", "postgres");
            }

            @Override
            public void close() {
                try {
                    postgres.close();
                } catch (IOException e) {
                    throw new IllegalStateException("the server did not stop", e);
                }
            }
        };
    }
}
