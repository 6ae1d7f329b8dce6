package dev.changeover.shadowcompare;

/** Paths without the positions and keys of elements. Constants such as {@code [LOCAL]} are few and say something. */
final class PathPattern {
    private static final int LONGEST_CONSTANT = 40;

    private PathPattern() {}

    /** Runs once through the path, which may be long and hold whatever the application uses for a key. */
    static String of(String path) {
        int open = path.indexOf('[');
        if (open < 0) {
            return path;
        }
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        while (open >= 0) {
            int close = path.indexOf(']', open);
            int end = close < 0 ? path.length() - 1 : close;
            pattern.append(path, from, open)
                    .append(isConstant(path, open + 1, end) ? path.substring(open, end + 1) : "[*]");
            from = end + 1;
            open = path.indexOf('[', from);
        }
        return pattern.append(path, from, path.length()).toString();
    }

    private static boolean isConstant(String path, int from, int to) {
        if (from == to || to - from > LONGEST_CONSTANT || path.charAt(to) != ']' || !isCapital(path.charAt(from))) {
            return false;
        }
        return path.substring(from, to).chars().allMatch(c -> isCapital(c) || (c >= '0' && c <= '9') || c == '_');
    }

    private static boolean isCapital(int c) {
        return c >= 'A' && c <= 'Z';
    }
}
