package dev.changeover.examples.legacy;

import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;

/** Spring Data counts pages, the application counts entries; offsets are multiples of the size. */
final class OffsetPage {

    private OffsetPage() {}

    static Pageable of(int offset, int size) {
        if (offset % size != 0) {
            throw new IllegalArgumentException("offset " + offset + " is not a multiple of the page size " + size);
        }
        return PageRequest.of(offset / size, size);
    }
}
