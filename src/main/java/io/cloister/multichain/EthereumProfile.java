package io.cloister.multichain;

/**
 * An Ethereum-like chain.
 *
 * @param chainId the chain's EIP-155 id; part of every digest that is signed for it
 * @param confirmations blocks asked for where the node knows no {@code finalized} block
 */
public record EthereumProfile(
        String name, String selectorName, long chainId, ConfirmationPolicy confirmations, boolean regtest)
        implements ChainProfile {

    public EthereumProfile {
        if (chainId < 1) {
            throw new IllegalArgumentException("chain ids begin at 1");
        }
    }
}
