package dev.changeover.examples.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The application's one pool, which both sides share. */
public final class Pool {

    private Pool() {}

    /** Opens a pool of at most this size. */
    public static HikariDataSource open(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("application");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.addDataSourceProperty("ApplicationName", "video-conferencing");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }
}
