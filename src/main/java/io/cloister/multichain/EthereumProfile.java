package io.cloister.multichain;

/**
 * An Ethereum-like chain.
 *
 * @param chainId the chain's EIP-155 id; part of every digest that is signed for it
 * @param confirmations blocks asked for on a chain without finality
 * @param finality whether the chain's nodes say which block is {@code finalized}; then nothing else counts as final
 */
public record EthereumProfile(
        String name,
        String selectorName,
        long chainId,
        ConfirmationPolicy confirmations,
        boolean finality,
        boolean regtest)
        implements ChainProfile {

    public EthereumProfile {
        if (chainId < 1) {
            throw new IllegalArgumentException("chain ids begin at 1");
        }
    }
}
