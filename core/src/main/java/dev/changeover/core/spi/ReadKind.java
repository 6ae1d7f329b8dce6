package dev.changeover.core.spi;

/** The three kinds of reads, which differ in what they may be served by. */
public enum ReadKind {
    /** One entity by its key. */
    KEYED,
    /** One entity by another unique value. */
    LOOKUP,
    /** Anything else: lists, pages, counts. */
    QUERY
}
