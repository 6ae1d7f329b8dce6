package dev.changeover.shadowcompare.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of maps and children as they may stand in a path. A key is data, unless it is a constant or a position. */
public final class Keys {
    private static final long LAST_POSITION = 999;

    private Keys() {}

    /** Shows constants of enums, truth, whole numbers from 0 to 999, and what is safe; of all others the type. */
    public static String shown(@Nullable Object key, boolean safe) {
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        boolean open = safe || key instanceof Boolean || isPosition(key);
        // a bracket would end the key for those who read the path
        return Shown.of(key, open).replace('[', '(').replace(']', ')');
    }

    private static boolean isPosition(@Nullable Object key) {
        return (key instanceof Integer || key instanceof Long || key instanceof Short || key instanceof Byte)
                && ((Number) key).longValue() >= 0
                && ((Number) key).longValue() <= LAST_POSITION;
    }

    /** Tells whether a map has a key, also where the map cannot be asked for null. */
    public static boolean in(Map<?, ?> map, @Nullable Object key) {
        return key == null ? hasNull(map) : map.containsKey(key);
    }

    private static boolean hasNull(Map<?, ?> map) {
        for (Object each : map.keySet()) {
            if (each == null) {
                return true;
            }
        }
        return false;
    }
}
