// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {CloisterAsset} from "./CloisterAsset.sol";

/// @title The door between one coin of another chain and its representation on this one.
/// @notice Mints on a signature of the committee's threshold key (the authority), burns for anybody. There is no owner
/// and no upgrade. The deployer names the first authority once; afterwards it changes only by the old key's signature,
/// or by m of n guardians after seven days without such a signature.
contract CloisterGateway is EIP712 {
    /// This deposit has been minted already.
    error Replay();
    /// The signature is malformed or not the authority's.
    error BadSignature();
    /// No authority has been named yet.
    error NoAuthority();
    /// The first authority has been named already.
    error AuthorityAlreadySet();
    /// The zero address cannot be an authority.
    error ZeroAuthority();
    error OnlyDeployer();
    error OnlyGuardian();
    /// The guardian has voted for this candidate since the last sign of life.
    error AlreadyVoted();
    /// The authority counts as alive until `from`, in seconds since the epoch.
    error TooEarly(uint64 from);
    /// Guardians must be non-zero and strictly ascending, the threshold between 1 and their number (at most 20).
    error BadGuardians();
    /// A burn is at least `minimum`, so that what it pays on the other chain is worth more than its fee.
    error BelowMinimum(uint256 minimum);
    /// The smallest burn is not zero.
    error BadMinimum();
    /// A recipient on the other chain has 1 to 128 bytes.
    error BadRecipient();

    event Minted(address indexed to, uint256 amount, bytes32 indexed nHash, bytes32 pHash);
    event Burned(bytes recipient, uint256 amount, uint64 indexed nonce, address indexed from);
    event AuthorityChanged(address indexed previous, address indexed current, uint256 nonce, bool byGuardians);
    event AuthorityVote(address indexed guardian, address indexed candidate, uint256 votes);

    bytes32 public constant MINT_TYPEHASH = keccak256("Mint(bytes32 pHash,uint256 amount,address to,bytes32 nHash)");
    bytes32 public constant ROTATE_TYPEHASH = keccak256("RotateAuthority(address newAuthority,uint256 nonce)");

    /// Silence of the authority after which guardians may replace it.
    uint64 public constant GUARDIAN_DELAY = 7 days;
    uint256 public constant MAX_GUARDIANS = 20;
    uint256 public constant MAX_RECIPIENT_BYTES = 128;

    CloisterAsset public immutable asset;
    uint256 public immutable guardianThreshold;
    /// Smallest amount that can be burnt.
    uint256 public immutable minimumBurn;

    /// Address of the committee's threshold key; zero until the deployer has named the first one.
    address public authority;
    /// Block time of the last signed rotation (or of the first naming), seconds since the epoch.
    uint64 public lastAlive;
    /// Number of the next burn; a burn is known to the committee by this number.
    uint64 public burnNonce;
    /// Counts the changes of authority; part of what the old key signs and of what guardians vote on.
    uint256 public authorityNonce;
    /// Deposits that have been minted.
    mapping(bytes32 nHash => bool) public spent;
    mapping(address => bool) public isGuardian;

    address private _deployer;
    address[] private _guardians;
    mapping(bytes32 ballot => mapping(address guardian => bool)) private _voted;
    mapping(bytes32 ballot => uint256) private _votes;

    constructor(
        string memory assetName,
        string memory assetSymbol,
        uint8 assetDecimals,
        address[] memory guardians_,
        uint256 threshold,
        uint256 minimumBurn_
    ) EIP712("Cloister Gateway", "1") {
        uint256 count = guardians_.length;
        if (threshold == 0 || threshold > count || count > MAX_GUARDIANS) revert BadGuardians();
        if (minimumBurn_ == 0) revert BadMinimum();
        address previous = address(0);
        for (uint256 i = 0; i < count; i++) {
            address guardian = guardians_[i];
            if (guardian <= previous) revert BadGuardians();
            isGuardian[guardian] = true;
            previous = guardian;
        }
        _guardians = guardians_;
        guardianThreshold = threshold;
        minimumBurn = minimumBurn_;
        _deployer = msg.sender;
        asset = new CloisterAsset(assetName, assetSymbol, assetDecimals);
    }

    /// @notice Names the first authority: once, by the deployer, who keeps no right afterwards.
    function initializeAuthority(address first) external {
        if (authority != address(0)) revert AuthorityAlreadySet();
        if (msg.sender != _deployer) revert OnlyDeployer();
        delete _deployer;
        _setAuthority(first, false);
    }

    /// @notice Mints `amount` to `to`, once for each `nHash`. Anybody may submit it.
    /// @param signature 65 bytes r || s || v (v 27 or 28, low s) by the authority over {mintDigest}.
    function mint(bytes32 pHash, uint256 amount, address to, bytes32 nHash, bytes calldata signature) external {
        if (spent[nHash]) revert Replay();
        _requireAuthority(mintDigest(pHash, amount, to, nHash), signature);
        spent[nHash] = true;
        asset.mint(to, amount);
        emit Minted(to, amount, nHash, pHash);
    }

    /// @notice Burns the caller's `amount`; the committee then pays `recipient` on the other chain.
    /// @param recipient address on the other chain, as the asset's profile says (for UTXO chains its text).
    function burn(bytes calldata recipient, uint256 amount) external {
        if (amount < minimumBurn) revert BelowMinimum(minimumBurn);
        if (recipient.length == 0 || recipient.length > MAX_RECIPIENT_BYTES) revert BadRecipient();
        asset.burn(msg.sender, amount);
        emit Burned(recipient, amount, burnNonce++, msg.sender);
    }

    /// @notice The old key names its successor, or itself: either is a sign of life and cancels every guardian vote.
    function rotateAuthority(address newAuthority, bytes calldata signature) external {
        _requireAuthority(rotationDigest(newAuthority), signature);
        _setAuthority(newAuthority, false);
    }

    /// @notice A guardian's vote to replace a silent authority; the vote that completes the threshold does it.
    /// Ballots are bound to the last sign of life, so that a rotation empties all of them.
    function voteAuthority(address candidate) external {
        if (!isGuardian[msg.sender]) revert OnlyGuardian();
        if (authority == address(0)) revert NoAuthority();
        if (candidate == address(0)) revert ZeroAuthority();
        uint64 from = lastAlive + GUARDIAN_DELAY;
        if (block.timestamp < from) revert TooEarly(from);
        bytes32 ballot = keccak256(abi.encode(candidate, lastAlive, authorityNonce));
        if (_voted[ballot][msg.sender]) revert AlreadyVoted();
        _voted[ballot][msg.sender] = true;
        uint256 votes = ++_votes[ballot];
        emit AuthorityVote(msg.sender, candidate, votes);
        if (votes >= guardianThreshold) _setAuthority(candidate, true);
    }

    function guardians() external view returns (address[] memory) {
        return _guardians;
    }

    /// @notice EIP-712 digest that the authority signs for a mint.
    function mintDigest(bytes32 pHash, uint256 amount, address to, bytes32 nHash) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MINT_TYPEHASH, pHash, amount, to, nHash)));
    }

    /// @notice EIP-712 digest that the present authority signs to name `newAuthority`.
    function rotationDigest(address newAuthority) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ROTATE_TYPEHASH, newAuthority, authorityNonce)));
    }

    function _requireAuthority(bytes32 digest, bytes calldata signature) private view {
        if (authority == address(0)) revert NoAuthority();
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(digest, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != authority) revert BadSignature();
    }

    function _setAuthority(address next, bool byGuardians) private {
        if (next == address(0)) revert ZeroAuthority();
        emit AuthorityChanged(authority, next, authorityNonce++, byGuardians);
        authority = next;
        lastAlive = uint64(block.timestamp);
    }
}
