package io.cloister.node.heads;

/**
 * How many of the others must witness a head, and must answer a boot: ceil((n - 1 + f) / 2) of n - 1, with
 * f = floor((n - 1) / 3).
 *
 * <p>Two such sets share at least f nodes. A node whose disk was turned back is one of the f that may be faulty, so at most
 * f - 1 of those are, and one honest node has seen the head and answers. With f others missing there is still a quorum.
 */
final class HeadQuorum {
    private HeadQuorum() {}

    /** @param others members of the set in force without the node itself, n - 1 */
    static int of(int others) {
        int faulty = others / 3;
        return (others + faulty + 1) / 2;
    }
}
