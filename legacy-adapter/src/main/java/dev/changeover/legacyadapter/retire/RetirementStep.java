package dev.changeover.legacyadapter.retire;

/** The steps in which legacy tables go, in their order. Each is asked for by itself. */
public enum RetirementStep {
    /** The tables get {@code _old} behind their names, and a view takes the place of each. */
    RENAME,
    /** The tables get {@code _old} behind their names, and whoever still uses the names fails and is seen. */
    RENAME_BARE,
    /** The tables get their names back. */
    BACK,
    /** Tables, views and sentinels are dropped. The way back from here is the backup. */
    DROP,
    /** The rows of the repository leave the control schema; its history stays. */
    FORGET
}
