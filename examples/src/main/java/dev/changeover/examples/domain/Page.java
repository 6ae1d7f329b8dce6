package dev.changeover.examples.domain;

import java.util.List;

/**
 * A page of a list in a total order.
 *
 * @param content what is on the page
 * @param total how many there are on all pages
 */
public record Page<T>(List<T> content, long total) {

    /** Freezes the content. */
    public Page {
        content = List.copyOf(content);
    }
}
