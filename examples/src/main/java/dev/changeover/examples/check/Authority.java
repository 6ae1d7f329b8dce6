package dev.changeover.examples.check;

/** Which side of a repository is right, and what the other one is worth. */
public enum Authority {
    /** Legacy leads, new is not written. */
    LEGACY_ALONE("legacy", false),
    /** Legacy leads, new follows. */
    LEGACY("legacy", true),
    /** New leads, legacy follows. */
    NEW("new", true),
    /** New leads; legacy followed until it was left alone. */
    NEW_ALONE("new", true);

    final String side;
    final boolean compared;

    Authority(String side, boolean compared) {
        this.side = side;
        this.compared = compared;
    }

    boolean leadsFromLegacy() {
        return side.equals("legacy");
    }
}
