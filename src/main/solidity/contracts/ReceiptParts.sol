// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Bytes are missing or too many.
error Malformed();

/// Reads the chain's codec: big-endian numbers at fixed places.
library Codec {
    function number(bytes calldata from, uint256 offset, uint256 size) internal pure returns (uint256 value) {
        if (offset + size > from.length) revert Malformed();
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), calldataload(add(from.offset, offset)))
        }
    }

    function word(bytes calldata from, uint256 offset) internal pure returns (bytes32) {
        return bytes32(number(from, offset, 32));
    }

    function part(bytes calldata from, uint256 offset, uint256 size) internal pure returns (bytes calldata) {
        if (offset + size > from.length) revert Malformed();
        return from[offset:offset + size];
    }
}

/// ECDSA over secp256k1 by compressed keys.
library Signatures {
    using Codec for bytes;

    uint256 private constant P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// Whether the 65 bytes r, s and recovery id are this key's over the digest, with low s. y must be the key's.
    function genuine(uint256 parity, uint256 x, uint256 y, bytes32 digest, bytes calldata signature)
        internal
        pure
        returns (bool)
    {
        address signer = recovered(digest, signature);
        return signer != address(0) && signer == owner(parity, x, y);
    }

    function recovered(bytes32 digest, bytes calldata signature) private pure returns (address) {
        uint256 s = signature.number(32, 32);
        uint256 id = signature.number(64, 1);
        return s > HALF_ORDER || id > 1
            ? address(0)
            : ecrecover(digest, uint8(27 + id), signature.word(0), bytes32(s));
    }

    function owner(uint256 parity, uint256 x, uint256 y) private pure returns (address) {
        bool onCurve = x < P && y < P && mulmod(y, y, P) == addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
        return onCurve && parity == 2 + (y & 1)
            ? address(uint160(uint256(keccak256(abi.encode(x, y)))))
            : address(0);
    }
}

/// Sets of validators in their encoding: u32 count, and for each 2 slot, 33 node id, 33 vote key, 8 weight, 8 boot counter.
library Sets {
    using Codec for bytes;

    uint256 private constant SIZE = 84;
    uint256 private constant MOST = 256;

    /// A set that takes new keys, claim by claim in rising order of slots.
    struct Renewal {
        bytes set;
        bytes32 chain;
        uint256 recovery;
        uint256 slot;
        uint256 member;
        uint256 weight;
        uint256 renewed;
        bool good;
    }

    function hash(bytes calldata set) internal pure returns (bytes32) {
        uint256 count = set.number(0, 4);
        if (count == 0 || count > MOST || set.length != 4 + count * SIZE) revert Malformed();
        return sha256(abi.encodePacked("cloister/validators/v1", set));
    }

    function hashOf(bytes memory set) internal pure returns (bytes32) {
        return sha256(abi.encodePacked("cloister/validators/v1", set));
    }

    function size(bytes memory set) internal pure returns (uint256) {
        return set.length / SIZE;
    }

    function field(bytes memory set, uint256 member, uint256 offset, uint256 width) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, width)), mload(add(add(set, add(36, offset)), mul(member, SIZE))))
        }
    }

    function slot(bytes memory set, uint256 member) internal pure returns (uint256) {
        return field(set, member, 0, 2);
    }

    function weight(bytes memory set, uint256 member) internal pure returns (uint256) {
        return field(set, member, 68, 8);
    }

    /// Whether a slot of the set has this vote key.
    function hasKey(bytes memory set, uint256 ofSlot, uint256 parity, uint256 x) internal pure returns (bool) {
        for (uint256 i = 0; i < size(set); i++) {
            if (slot(set, i) == ofSlot) return field(set, i, 35, 1) == parity && field(set, i, 36, 32) == x;
        }
        return false;
    }

    /// Whether the signatures of a certificate are genuine and strictly more than two thirds of the weight.
    function signed(bytes memory set, bytes32 digest, bytes calldata certificate, uint256[] calldata y)
        internal
        pure
        returns (bool)
    {
        if (certificate.number(52, 4) != y.length || certificate.length != 56 + 67 * y.length) revert Malformed();
        uint256 all = 0;
        uint256 part = 0;
        uint256 next = 0;
        for (uint256 i = 0; i < size(set); i++) {
            all += weight(set, i);
            if (next == y.length || certificate.number(56 + 67 * next, 2) != slot(set, i)) continue;
            if (!genuine(set, i, digest, certificate.part(58 + 67 * next, 65), y[next])) return false;
            part += weight(set, i);
            next++;
        }
        return next == y.length && 3 * part > 2 * all;
    }

    function genuine(bytes memory set, uint256 i, bytes32 digest, bytes calldata signature, uint256 y)
        private
        pure
        returns (bool)
    {
        return Signatures.genuine(field(set, i, 35, 1), field(set, i, 36, 32), y, digest, signature);
    }

    /// @param chain the encoded chain id
    function renew(bytes memory set, bytes calldata chain, uint256 recovery) internal pure returns (Renewal memory) {
        return Renewal(bytes.concat(set), keccak256(chain), recovery, 0, 0, 0, 0, true);
    }

    /// Takes the claim that begins here: 4 + n chain id, 8 epoch left, 8 recovery, 2 slot, 33 vote key, 8 boot counter, three
    /// hashes, 65 signature of the slot key. Slots that are not in the set are passed over.
    /// @return end where the claim ends; the hashes begin 161 before
    function claim(Renewal memory to, bytes calldata from, uint256 offset, uint256 y) internal pure returns (uint256 end) {
        uint256 chain = 4 + from.number(offset, 4);
        end = offset + chain + 220;
        bytes calldata all = from.part(offset, chain + 220);
        if (!fits(to, all, chain)) {
            to.good = false;
        } else if (to.member < size(to.set) && slot(to.set, to.member) == to.slot) {
            bytes32 digest = sha256(abi.encodePacked("cloister/recovery/v1", all.part(0, chain + 155)));
            to.good = to.good && isBySlot(to, digest, all.part(chain + 155, 65), y) && take(to, all.part(chain, 155));
        }
    }

    /// Whether the claim is of this chain and recovery and behind the last; goes on to the member whose slot it is of.
    function fits(Renewal memory to, bytes calldata all, uint256 chain) private pure returns (bool) {
        bytes calldata keys = all.part(chain, 155);
        uint256 claimant = keys.number(16, 2);
        bool rises = claimant > to.slot;
        to.slot = claimant;
        while (to.member < size(to.set) && slot(to.set, to.member) < claimant) {
            to.member++;
        }
        return rises && keccak256(all.part(0, chain)) == to.chain && keys.number(8, 8) == to.recovery
            && keys.number(0, 8) < to.recovery;
    }

    function isBySlot(Renewal memory to, bytes32 digest, bytes calldata signature, uint256 y)
        private
        pure
        returns (bool)
    {
        uint256 parity = field(to.set, to.member, 2, 1);
        return Signatures.genuine(parity, field(to.set, to.member, 3, 32), y, digest, signature);
    }

    /// Gives the member the claim's keys when the boot is the registered one or newer.
    function take(Renewal memory to, bytes calldata keys) private pure returns (bool) {
        bytes memory set = to.set;
        uint256 i = to.member;
        uint256 boot = keys.number(51, 8);
        uint256 registered = field(set, i, 76, 8);
        if (boot < registered || (boot == registered && !isKey(set, i, keys.part(18, 33)))) return false;
        to.weight += weight(set, i);
        if (boot > registered) {
            to.renewed |= 1 << i;
            replace(set, i, keys.part(18, 41));
        }
        return true;
    }

    function isKey(bytes memory set, uint256 i, bytes calldata key) private pure returns (bool) {
        return field(set, i, 35, 1) == key.number(0, 1) && field(set, i, 36, 32) == key.number(1, 32);
    }

    /// @param keys 33 vote key, 8 boot counter
    function replace(bytes memory set, uint256 i, bytes calldata keys) private pure {
        assembly ("memory-safe") {
            let entry := add(add(set, 36), mul(i, SIZE))
            calldatacopy(add(entry, 35), keys.offset, 33)
            calldatacopy(add(entry, 76), add(keys.offset, 33), 8)
        }
    }

    /// Whether all claims were good and no slot took another's key.
    function isGood(Renewal memory it) internal pure returns (bool) {
        if (!it.good) return false;
        bytes memory set = it.set;
        for (uint256 i = 0; i < size(set); i++) {
            if (it.renewed >> i & 1 == 0) continue;
            for (uint256 k = 0; k < size(set); k++) {
                bool same = field(set, i, 36, 32) == field(set, k, 36, 32) && field(set, i, 35, 1) == field(set, k, 35, 1);
                if (same && i != k) return false;
            }
        }
        return true;
    }

    /// Whether the claims are strictly more than two thirds of the weight.
    function isQuorum(Renewal memory it) internal pure returns (bool) {
        uint256 all = 0;
        for (uint256 i = 0; i < size(it.set); i++) {
            all += weight(it.set, i);
        }
        return 3 * it.weight > 2 * all;
    }
}

/// Merkle proofs of the chain, over SHA-256.
library Proofs {
    using Codec for bytes;

    /// Whether a path (u64 index, u64 size, list of siblings) leads from the leaf to the root; RFC 9162 section 2.1.3.2.
    function leads(bytes calldata path, bytes calldata leaf, bytes32 root) internal pure returns (bool) {
        uint256 index = path.number(0, 8);
        uint256 last = path.number(8, 8);
        uint256 count = path.number(16, 4);
        if (path.length != 20 + 32 * count || index >= last) revert Malformed();
        last--;
        bytes32 hash = sha256(abi.encodePacked(uint8(0), leaf));
        for (uint256 i = 0; i < count; i++) {
            if (last == 0) return false;
            bytes32 sibling = path.word(20 + 32 * i);
            if (index & 1 == 1 || index == last) {
                hash = sha256(abi.encodePacked(uint8(1), sibling, hash));
                while (index & 1 == 0 && index != 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                hash = sha256(abi.encodePacked(uint8(1), hash, sibling));
            }
            index >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    /// Whether key and value of a state proof (bytes key, bytes value, list of u32 bit and sibling) stand under the root.
    function stands(bytes calldata proof, bytes32 root) internal pure returns (bool) {
        bytes calldata keyed = proof.part(0, 4 + proof.number(0, 4));
        uint256 offset = keyed.length + 4 + proof.number(keyed.length, 4);
        bytes32 hash = sha256(abi.encodePacked(uint8(0), keyed, sha256(value(proof))));
        uint256 count = proof.number(offset, 4);
        offset += 4;
        if (proof.length != offset + 36 * count) revert Malformed();
        uint256 below = type(uint32).max >> 1;
        for (uint256 i = 0; i < count; i++) {
            uint256 bit = proof.number(offset, 4);
            bytes32 sibling = proof.word(offset + 4);
            offset += 36;
            if (bit >= below) return false;
            below = bit;
            hash = isSet(keyed, bit)
                ? sha256(abi.encodePacked(uint8(1), uint32(bit), sibling, hash))
                : sha256(abi.encodePacked(uint8(1), uint32(bit), hash, sibling));
        }
        return hash == root;
    }

    /// A bit of the key, in which each byte is preceded by a one and the end is a zero.
    function isSet(bytes calldata keyed, uint256 bit) private pure returns (bool) {
        uint256 place = 4 + bit / 9;
        uint256 within = bit % 9;
        if (place >= keyed.length) return false;
        return within == 0 || (keyed.number(place, 1) >> (8 - within)) & 1 == 1;
    }

    function key(bytes calldata proof) internal pure returns (bytes calldata) {
        return proof.part(4, proof.number(0, 4));
    }

    function value(bytes calldata proof) internal pure returns (bytes calldata) {
        uint256 offset = 4 + proof.number(0, 4);
        return proof.part(offset + 4, proof.number(offset, 4));
    }
}
