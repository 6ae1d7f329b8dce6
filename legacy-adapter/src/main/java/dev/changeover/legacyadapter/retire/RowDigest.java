package dev.changeover.legacyadapter.retire;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Counts the rows of a stream in PostgreSQL's text format and adds up a hash of each, so that two tables with the same
 * rows in another order agree. Needs room for no more than one row's hash. For one thread.
 */
final class RowDigest {

    private static final int BITS = 128;

    private final MessageDigest row = sha256();
    private BigInteger sum = BigInteger.ZERO;
    private long rows;
    private boolean inside;

    /** A line is a row: a line feed inside a value is written as two other characters. */
    void add(byte[] bytes, int from, int length) {
        int start = from;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                row.update(bytes, start, i - start);
                start = i + 1;
                endRow();
            } else {
                inside = true;
            }
        }
        row.update(bytes, start, from + length - start);
    }

    private void endRow() {
        byte[] hash = row.digest();
        sum = sum.add(new BigInteger(1, hash).mod(BigInteger.ONE.shiftLeft(BITS)));
        rows++;
        inside = false;
    }

    long rows() {
        return rows;
    }

    /** Tells whether the stream ended within a row, as one does that was cut off. */
    boolean isCutOff() {
        return inside;
    }

    /** Returns the sum of the hashes, which no swap between rows and no pair of equal rows leaves as it was. */
    String checksum() {
        return sum.toString(16);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
