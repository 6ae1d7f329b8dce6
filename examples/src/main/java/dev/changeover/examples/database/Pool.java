package dev.changeover.examples.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The application's one pool, which both sides share. */
public final class Pool {

    private static final String APPLICATION = "video-conferencing";

    private Pool() {}

    /** Opens a pool of at most this size. */
    public static HikariDataSource open(String url, int size) {
        return open(url, size, APPLICATION);
    }

    /** Opens a pool of at most this size for a build that the server knows by another name. */
    public static HikariDataSource open(String url, int size, String application) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("application");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.addDataSourceProperty("ApplicationName", application);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }
}
