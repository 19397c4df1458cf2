package io.cloister.node.settings;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The chains that a node of this release may be given access to, by name. */
public final class ServedChains {
    /** In alphabetical order. */
    public static final SortedSet<String> NAMES = Collections.unmodifiableSortedSet(
            new TreeSet<>(List.of("bitcoin-regtest", "ethereum-dev", "litecoin-regtest")));

    private ServedChains() {}
}
