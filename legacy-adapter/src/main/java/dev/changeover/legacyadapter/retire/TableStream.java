package dev.changeover.legacyadapter.retire;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Streams the rows of a table past their digests. Nothing is kept, so memory does not grow with the table. */
final class TableStream {

    /** How values are written must not depend on who asks; the same on the way back. */
    static final String SETTINGS = "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';"
            + " SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex';"
            + " SET LOCAL row_security = off; SET LOCAL search_path = pg_catalog; SET LOCAL lc_monetary = 'C';"
            + " SET LOCAL client_encoding = 'UTF8'";

    private final MessageDigest file = RowDigest.sha256();
    private final RowDigest rows = new RowDigest();

    /** Reads all of a COPY .. TO STDOUT into a stream. */
    void read(Connection connection, String sql, OutputStream out) throws SQLException, IOException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        try {
            for (byte[] part = copy.readFromCopy(); part != null; part = copy.readFromCopy()) {
                add(part, part.length);
                out.write(part);
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    void add(byte[] bytes, int length) {
        file.update(bytes, 0, length);
        rows.add(bytes, 0, length);
    }

    RowDigest rows() {
        return rows;
    }

    /** Returns the hash of all bytes; once. */
    String sha256() {
        return HexFormat.of().formatHex(file.digest());
    }
}
