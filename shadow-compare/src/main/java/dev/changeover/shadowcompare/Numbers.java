package dev.changeover.shadowcompare;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers of whatever class, without passing through a double where it would lose digits. */
final class Numbers {

    private Numbers() {}

    static boolean sameValue(Object a, Object b) {
        BigDecimal x = decimal(a);
        BigDecimal y = decimal(b);
        return (x == null || y == null) ? a.equals(b) : x.compareTo(y) == 0;
    }

    static boolean within(Object a, Object b, BigDecimal apart) {
        BigDecimal x = decimal(a);
        BigDecimal y = decimal(b);
        return (x == null || y == null) ? a.equals(b) : x.subtract(y).abs().compareTo(apart) <= 0;
    }

    static boolean closer(Object a, Object b, BigDecimal apart) {
        BigDecimal x = decimal(a);
        BigDecimal y = decimal(b);
        return (x == null || y == null) ? a.equals(b) : x.subtract(y).abs().compareTo(apart) < 0;
    }

    /** Infinity and not-a-number have no decimal. */
    private static @Nullable BigDecimal decimal(Object number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if ((number instanceof Double || number instanceof Float)
                && !Double.isFinite(((Number) number).doubleValue())) {
            return null;
        }
        return new BigDecimal(number.toString());
    }
}
