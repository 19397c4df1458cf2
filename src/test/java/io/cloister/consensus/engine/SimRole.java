package io.cloister.consensus.engine;

/** What a simulated node is. Byzantine nodes and those whose disk is turned back together hold less than a third. */
enum SimRole {
    /** Follows the protocol on a disk that keeps what was synced. */
    HONEST,
    /** Follows the protocol, but its host may put an older disk in or start a second machine from it. */
    REWOUND,
    /** Anything: twins with one key, and liars by script. */
    BYZANTINE
}
