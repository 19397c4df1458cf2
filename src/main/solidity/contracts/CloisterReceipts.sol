// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bundle, Certified, Evidence, Link, Logged, Proven, Standing, Statement} from "./ReceiptForm.sol";
import {Codec, Malformed, Proofs, Sets} from "./ReceiptParts.sol";

/// What a verifier finds, in the order in which it looks.
enum Finding {
    RECEIPT,
    ANCHOR,
    LINKS,
    VALIDATORS,
    CERTIFICATE,
    ATTESTATION
}

/// This is the first finding that does not hold.
error Refused(Finding finding);
/// @title Verifies receipts of a Cloister chain.
/// @notice Trusts one set of validators, the anchor, and nothing that a bundle says of itself; docs/receipts.md has the
/// rules. It has no state and no owner.
contract CloisterReceipts {
    using Codec for bytes;
    using Sets for bytes;
    using Sets for Sets.Renewal;
    using Proofs for bytes;

    uint256 public constant MAX_LINKS = 256;
    uint256 public constant MAX_MEMBERS = 256;
    uint8 private constant PRECOMMIT = 2;

    /// Height that the trusted set decides.
    uint64 public immutable anchorHeight;
    /// Hash of the trusted set.
    bytes32 public immutable anchorHash;

    /// What of a header matters here.
    struct Head {
        bytes32 id;
        bytes32 chain;
        uint256 prefix;
        uint256 epoch;
        uint256 height;
        uint256 timeMillis;
        bytes32 openingHash;
        bytes32 receiptsRoot;
        bytes32 stateRoot;
        bytes32 validatorsHash;
        bytes32 nextValidatorsHash;
    }

    /// How far the way has led: the trusted set's place, and what the next header may not be below.
    struct Way {
        bytes32[] hashes;
        bytes32 chain;
        uint256 set;
        uint256 height;
        uint256 epoch;
    }

    constructor(uint64 height, bytes32 validators) {
        anchorHeight = height;
        anchorHash = validators;
    }

    /// What a bundle proves from this contract's anchor; reverts with `Refused` or `Malformed` otherwise.
    function verify(Bundle calldata bundle) external view returns (Proven memory) {
        return check(anchorHeight, anchorHash, bundle);
    }

    /// The same from another anchor.
    function verifyFrom(uint64 height, bytes32 validators, Bundle calldata bundle)
        external
        pure
        returns (Proven memory)
    {
        return check(height, validators, bundle);
    }

    function check(uint64 height, bytes32 validators, Bundle calldata bundle) private pure returns (Proven memory it) {
        if (bundle.links.length > MAX_LINKS || bundle.standing.length > 1) revert Malformed();
        Head memory head = parse(bundle.header.header);
        if (!isReceipt(bundle, head)) revert Refused(Finding.RECEIPT);

        Way memory way = Way(hashes(bundle.sets), head.chain, bundle.anchor, height, 0);
        if (bundle.anchorHeight != height || named(way, bundle.anchor) != validators) revert Refused(Finding.ANCHOR);
        it.anchorTimeMillis = uint64(firstTime(bundle, head));
        if (!follows(bundle, way)) revert Refused(Finding.LINKS);
        if (!isInForce(bundle, head, way)) revert Refused(Finding.VALIDATORS);
        bytes32 own = named(way, bundle.validators);
        if (!decided(bundle.header, head, bundle.sets[bundle.validators], own)) revert Refused(Finding.CERTIFICATE);

        it.evidence = evidence(bundle);
        it.chainId = string(bundle.header.header.part(4, head.prefix - 4));
        it.epoch = uint64(head.epoch);
        it.height = uint64(head.height);
        it.timeMillis = uint64(head.timeMillis);
        it.blockId = head.id;
        outcome(bundle.receipt, it);
    }

    /// A header: 4 + n chain id, 8 epoch, 8 height, 4 round, 8 time, eight hashes, absent slots, proposer.
    function parse(bytes calldata header) private pure returns (Head memory it) {
        uint256 offset = 4 + header.number(0, 4);
        it.prefix = offset;
        it.chain = keccak256(header.part(0, offset));
        it.epoch = header.number(offset, 8);
        it.height = header.number(offset + 8, 8);
        it.timeMillis = header.number(offset + 20, 8);
        it.openingHash = header.word(offset + 92);
        it.receiptsRoot = header.word(offset + 156);
        it.stateRoot = header.word(offset + 188);
        it.validatorsHash = header.word(offset + 220);
        it.nextValidatorsHash = header.word(offset + 252);
        it.id = sha256(abi.encodePacked("cloister/header/v1", header));
    }

    function hashes(bytes[] calldata sets) private pure returns (bytes32[] memory all) {
        all = new bytes32[](sets.length);
        for (uint256 i = 0; i < sets.length; i++) {
            all[i] = sets[i].hash();
        }
    }

    function named(Way memory way, uint256 place) private pure returns (bytes32) {
        if (place >= way.hashes.length) revert Malformed();
        return way.hashes[place];
    }

    /// A receipt begins with its label, u64 height and u32 index.
    function isReceipt(Bundle calldata bundle, Head memory head) private pure returns (bool) {
        bytes calldata receipt = bundle.receipt;
        return keccak256(receipt.part(0, 23)) == keccak256(abi.encodePacked(uint32(19), "cloister/receipt/v1"))
            && receipt.number(23, 8) == head.height && receipt.number(31, 4) == bundle.path.number(0, 8)
            && bundle.path.leads(receipt, head.receiptsRoot);
    }

    /// Behind the index: bytes transaction hash, u8 module, u8 kind, string code.
    function outcome(bytes calldata receipt, Proven memory it) private pure {
        it.index = uint32(receipt.number(31, 4));
        uint256 length = receipt.number(35, 4);
        if (length == 32) it.transactionHash = receipt.word(39);
        it.succeeded = receipt.number(41 + length, 4) == 0;
    }

    function firstTime(Bundle calldata bundle, Head memory head) private pure returns (uint256) {
        if (bundle.links.length > 0) return parse(bundle.links[0].header.header).timeMillis;
        return bundle.standing.length > 0 ? parse(bundle.standing[0].header.header).timeMillis : head.timeMillis;
    }

    /// Each link's header is certified by the set before it, or by the one that its opening makes of that set.
    function follows(Bundle calldata bundle, Way memory way) private pure returns (bool) {
        for (uint256 i = 0; i < bundle.links.length; i++) {
            Link calldata link = bundle.links[i];
            Head memory head = parse(link.header.header);
            bytes memory deciding = bundle.sets[way.set];
            bytes32 hash = way.hashes[way.set];
            if (link.opening.length > 0) {
                if (head.epoch <= way.epoch) return false;
                bool opens;
                (opens, deciding) = opened(link, head, deciding);
                hash = deciding.hashOf();
                if (!opens) return false;
            } else if (head.openingHash != 0) {
                return false;
            }
            if (!isNext(head, way) || !decided(link.header, head, deciding, hash)) return false;
            if (named(way, link.next) != head.nextValidatorsHash) return false;
            way.set = link.next;
            way.height = head.height + 1;
            way.epoch = head.epoch;
        }
        return true;
    }

    function isNext(Head memory head, Way memory way) private pure returns (bool) {
        return head.chain == way.chain && head.height >= way.height && head.epoch >= way.epoch;
    }

    /// The set that an opening makes of another, if statements of a quorum of it are there.
    /// A statement: claim, bytes evidence, base, polka; the claim has a hash of each. A base begins with one byte 1 and its
    /// header, or is the one byte 0.
    function opened(Link calldata link, Head memory head, bytes memory set)
        private
        pure
        returns (bool, bytes memory)
    {
        bytes calldata opening = link.opening;
        if (opening.number(0, 4) != link.statements.length || link.statements.length == 0) revert Malformed();
        Sets.Renewal memory renewal = set.renew(link.header.header.part(0, head.prefix), head.epoch);
        bool good = sha256(abi.encodePacked("cloister/opening/v1", opening)) == head.openingHash;
        uint256 offset = 4;
        for (uint256 i = 0; i < link.statements.length; i++) {
            bool fits;
            (fits, offset) = stated(link, i, offset, head.height, renewal);
            good = good && fits;
        }
        if (offset != opening.length) revert Malformed();
        return (good && renewal.isQuorum() && renewal.isGood(), renewal.set);
    }

    function stated(Link calldata link, uint256 i, uint256 offset, uint256 height, Sets.Renewal memory renewal)
        private
        pure
        returns (bool fits, uint256 end)
    {
        bytes calldata opening = link.opening;
        Statement calldata statement = link.statements[i];
        offset = renewal.claim(opening, offset, statement.y);
        uint256 digests = offset - 161;
        bytes calldata part = opening.part(offset + 4, opening.number(offset, 4));
        offset += 4 + part.length;
        fits = sha256(part) == opening.word(digests);
        part = opening.part(offset, statement.baseLength);
        offset += part.length;
        fits = fits && sha256(part) == opening.word(digests + 32);
        if (part.number(0, 1) == 1) fits = fits && part.number(13 + part.number(1, 4), 8) < height;
        part = opening.part(offset, statement.polkaLength);
        fits = fits && sha256(part) == opening.word(digests + 64);
        return (fits, offset + part.length);
    }

    /// Whether the set that the header names has decided it, with the claimed keys when that was in a later epoch.
    /// A certificate: 8 epoch, 8 height, 4 round, 32 block id, list of signatures.
    function decided(Certified calldata it, Head memory head, bytes memory set, bytes32 hash)
        private
        pure
        returns (bool)
    {
        bytes calldata certificate = it.certificate;
        uint256 epoch = certificate.number(0, 8);
        if (hash != head.validatorsHash || epoch < head.epoch) return false;
        if (certificate.number(8, 8) != head.height || certificate.word(20) != head.id) return false;
        bytes calldata chain = it.header.part(0, head.prefix);
        if (epoch > head.epoch) {
            Sets.Renewal memory renewal = claimed(it, set.renew(chain, epoch));
            if (!renewal.isGood()) return false;
            set = renewal.set;
        }
        return set.signed(precommit(chain, certificate), certificate, it.signerY);
    }

    /// What a precommit signs: the chain id, and epoch, height, round and block id, without a basis.
    function precommit(bytes calldata chain, bytes calldata certificate) private pure returns (bytes32) {
        bytes memory place = bytes.concat("cloister/vote/v1", chain, certificate.part(0, 20));
        return sha256(abi.encodePacked(place, PRECOMMIT, uint8(1), certificate.word(20), uint8(0)));
    }

    function claimed(Certified calldata it, Sets.Renewal memory renewal)
        private
        pure
        returns (Sets.Renewal memory)
    {
        uint256 count = it.keys.number(0, 4);
        if (it.claimantY.length != count) revert Malformed();
        uint256 offset = 4;
        for (uint256 i = 0; i < count; i++) {
            offset = renewal.claim(it.keys, offset, it.claimantY[i]);
        }
        if (offset != it.keys.length) revert Malformed();
        return renewal;
    }

    /// Whether the set at the end of the links vouches for the block's: it is the same, or a newer state says so.
    function isInForce(Bundle calldata bundle, Head memory head, Way memory way) private pure returns (bool) {
        if (bundle.standing.length == 0) {
            bool beyond = bundle.links.length == 0 || (head.height >= way.height && head.epoch >= way.epoch);
            return beyond && head.validatorsHash == way.hashes[way.set];
        }
        Standing calldata standing = bundle.standing[0];
        Head memory top = parse(standing.header.header);
        if (bundle.links.length == 0) way.height = 0;
        return isNext(top, way) && decided(standing.header, top, bundle.sets[way.set], way.hashes[way.set])
            && head.height <= top.height && isLogged(standing, head, top.stateRoot);
    }

    /// The entry of the header's epoch with the greatest height that is not above the header's names the set.
    /// The history's value begins with u64 size and the root.
    function isLogged(Standing calldata standing, Head memory head, bytes32 stateRoot) private pure returns (bool) {
        bytes calldata history = standing.history;
        if (keccak256(history.key()) != keccak256("\x00history") || !history.stands(stateRoot)) return false;
        uint256 size = history.value().number(0, 8);
        bytes32 root = history.value().word(8);
        Logged calldata held = standing.inForce;
        uint256 index = held.path.number(0, 8);
        if (!isEntry(held, size, root) || held.entry.number(45, 8) != head.epoch) return false;
        if (held.entry.number(37, 8) > head.height || held.entry.word(53) != head.validatorsHash) return false;
        if (standing.next.length == 0) return size - 1 == index;
        if (standing.next.length > 1) revert Malformed();
        Logged calldata next = standing.next[0];
        uint256 epoch = next.entry.number(45, 8);
        bool later = epoch != head.epoch ? epoch > head.epoch : next.entry.number(37, 8) > head.height;
        return later && isEntry(next, size, root) && next.path.number(0, 8) == index + 1;
    }

    /// An entry: the domain, u64 index, u64 height, u64 epoch, 32 hash of the set.
    function isEntry(Logged calldata it, uint256 size, bytes32 root) private pure returns (bool) {
        bytes calldata entry = it.entry;
        if (entry.length != 85) revert Malformed();
        return it.path.number(8, 8) == size && it.path.number(0, 8) == entry.number(29, 8) && it.path.leads(entry, root);
    }

    /// Which of the block's vote keys the newer state has on record, and with which evidence.
    function evidence(Bundle calldata bundle) private pure returns (Evidence[] memory all) {
        if (bundle.standing.length == 0) return all;
        bytes[] calldata members = bundle.standing[0].members;
        if (members.length > MAX_MEMBERS) revert Malformed();
        bytes32 root = parse(bundle.standing[0].header.header).stateRoot;
        bytes memory set = bundle.sets[bundle.validators];
        all = new Evidence[](members.length);
        uint256 count = 0;
        for (uint256 i = 0; i < members.length; i++) {
            bytes calldata key = members[i].key();
            bool member = key.length >= 8 && keccak256(key.part(0, 8)) == keccak256("\x01member/");
            if (!member || !members[i].stands(root)) revert Refused(Finding.ATTESTATION);
            bytes calldata value = members[i].value();
            if (set.hasKey(value.number(0, 2), value.number(35, 1), value.number(36, 32))) {
                all[count++] = recorded(value);
            }
        }
        assembly ("memory-safe") {
            mstore(all, count)
        }
    }

    /// A member: 2 slot, four keys of 33, 8 boot counter, 8 activation height, string grade, 32 digest.
    function recorded(bytes calldata member) private pure returns (Evidence memory it) {
        uint256 grade = member.number(150, 4);
        it.slot = uint16(member.number(0, 2));
        it.grade = string(member.part(154, grade));
        it.digest = member.word(154 + grade);
        if (member.length != 186 + grade) revert Malformed();
    }
}
