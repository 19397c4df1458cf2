package io.cloister.node.boot;

/** The steps of a boot in their order. A {@link BootStep} names one of them. */
public enum BootStage {
    /** The settings are read once more inside the server. */
    CONFIGURATION,
    /** The source of evidence answers. */
    PLATFORM,
    /** The keys of this boot exist, in memory only. */
    BOOT_KEYS,
    /** The node has judged its own evidence by its own policy. */
    SELF_VERIFICATION,
    /** The identity is unsealed: slot key and boot counter. */
    IDENTITY,
    /** The genesis is there and names this network. */
    GENESIS,
    /** Enough peers are connected and attested. */
    PEERS,
    /** The state's keyset is unsealed. */
    STATE,
    /** The schema is the one that this release works with. */
    MIGRATION,
    /** The restored state is not older than what the peers have signed for. */
    FRESHNESS,
    /** The engine runs. */
    CONSENSUS,
    /** Watchers, runners and MPC run. */
    WATCHERS_AND_MPC,
    /** The node serves. */
    READY
}
