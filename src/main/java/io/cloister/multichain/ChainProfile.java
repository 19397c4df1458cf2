package io.cloister.multichain;

/** What a node knows about one foreign chain before it talks to it. Part of the network's configuration. */
public sealed interface ChainProfile permits BitcoinProfile, EthereumProfile {

    /** Stable name, also the chain's id in observations and proofs: lower case, digits and dashes. */
    String name();

    /** The coin or network as it stands in selectors such as {@code LTC/toEthereum}. */
    String selectorName();

    /** True for a chain of test money that somebody starts for himself. */
    boolean regtest();

    /** How deep a block must lie before what it holds is acted upon. */
    ConfirmationPolicy confirmations();

    /**
     * Refuses every chain with value: they stay closed until funds are rotated and headers replicated.
     *
     * @throws ProfileRefused NOT_REGTEST
     */
    default void requireServable() {
        if (!regtest()) {
            throw new ProfileRefused(
                    ProfileRefused.Reason.NOT_REGTEST,
                    name() + " holds value; this release serves regtest chains only");
        }
    }
}
