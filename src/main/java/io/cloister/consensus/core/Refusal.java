package io.cloister.consensus.core;

/** Why a peer's message was refused. An honest node causes none of these, whatever the network does. */
public enum Refusal {
    /** Not the encoding of a message, or beyond its bounds. */
    MALFORMED,
    /** A vote by a slot that is not in the set of its height. */
    UNKNOWN_VALIDATOR,
    /** A signature that does not verify. */
    BAD_SIGNATURE,
    /** A proposal whose transactions are not those of its header, or whose header is of another chain or proposer. */
    BAD_PROPOSAL,
    /** A polka that is not of the proposal's block or proves nothing. */
    BAD_POLKA,
    /** A block that is not the next one or whose certificate proves nothing. */
    BAD_BLOCK,
    /** Headers that do not lead from what is trusted to the snapshot, or a chunk that is not of it. */
    BAD_SNAPSHOT,
    /** A vote extension that the application does not take. */
    BAD_EXTENSION,
    /** A statement for a recovery that its slot did not sign, or without evidence for its keys. */
    BAD_STATEMENT,
    /** An opening that its leader did not sign, or whose statements do not open the epoch. */
    BAD_OPENING,
    /** Evidence that convicts nobody. */
    BAD_EVIDENCE,
    /** Heights were claimed and not shown on request. */
    UNPROVEN_HEIGHT
}
