// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// A block that was decided, each part in the codec of the chain.
/// `signerY` has, for each signature of the certificate, the y coordinate of the key that made it; `claimantY` for each of
/// the key claims. A y that is wrong makes a good signature a bad one, never a bad one good.
struct Certified {
    bytes header;
    bytes certificate;
    bytes keys;
    uint256[] signerY;
    uint256[] claimantY;
}

/// Where the parts of a statement end, and the y coordinate of its slot's key.
struct Statement {
    uint256 baseLength;
    uint256 polkaLength;
    uint256 y;
}

/// A change of the validators. `opening` is the list of statements, empty in a block that opens no epoch; `next` the place
/// of the next set in the bundle's sets.
struct Link {
    Certified header;
    bytes opening;
    Statement[] statements;
    uint256 next;
}

/// An entry of the validators' history and its path.
struct Logged {
    bytes entry;
    bytes path;
}

/// What a newer state says. `next` has one entry, or none when `inForce` is the last.
struct Standing {
    Certified header;
    bytes history;
    Logged inForce;
    Logged[] next;
    bytes[] members;
}

/// A receipt and its way from an anchor; `validators` and `anchor` are places in `sets`, `standing` has one entry or none.
struct Bundle {
    bytes receipt;
    bytes path;
    Certified header;
    bytes[] sets;
    uint256 validators;
    uint64 anchorHeight;
    uint256 anchor;
    Link[] links;
    Standing[] standing;
}

/// The digest of the evidence with which a slot got the key that it has in the block's set.
struct Evidence {
    uint16 slot;
    string grade;
    bytes32 digest;
}

/// What a bundle proves. Times are milliseconds since 1970: of the block, and of the first block here that the anchor's set
/// has signed. `transactionHash` is zero in a block's own receipt.
struct Proven {
    string chainId;
    uint64 epoch;
    uint64 height;
    uint32 index;
    uint64 timeMillis;
    uint64 anchorTimeMillis;
    bytes32 blockId;
    bytes32 transactionHash;
    bool succeeded;
    Evidence[] evidence;
}
