package dev.changeover.proof.torture;

import java.util.List;

/** The parent, with children of its own. */
record Owner(Long id, String name, long version, List<String> phones) {}
