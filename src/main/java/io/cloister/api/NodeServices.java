package io.cloister.api;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.Sightings;
import io.cloister.channel.PeerEvidence;
import io.cloister.channel.PeerNetwork;
import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.Engine;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.exchange.ServingKeys;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.membership.NodeRecord;
import io.cloister.mpc.node.MpcNode;
import io.cloister.multichain.rpc.EthereumRpc;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What the resources ask of the node. A node boots step by step, so most of it comes into being one after the other. */
public interface NodeServices {

    String chainId();

    /** Name of the step that the boot is in; {@code READY} when it is done. */
    String step();

    /** Why the boot failed, or what has stopped since it was done, if anything. */
    Optional<String> failure();

    /** What the platform is called. */
    Optional<String> platform();

    /** The node's verdict on itself. */
    Optional<Verdict> self();

    /** Measurement of the running release, 48 bytes. */
    Optional<Bytes> measurement();

    /** Where the files of the signed release lie, if there are any. */
    Optional<Path> releaseFolder();

    Optional<BootKeySet> bootKeys();

    Optional<ServingKeys> servingKeys();

    /** Signs results of private simulations. */
    Optional<SigningKey> resultKey();

    Optional<NodeRecord> record();

    Optional<Attester> attester();

    Optional<EvidenceVerifier> verifier();

    Optional<Policy> policy();

    Optional<PeerNetwork> peers();

    /** The last accepted evidence of each peer. */
    Optional<PeerEvidence> peerEvidence();

    Optional<Integer> slot();

    Optional<Ledger> ledger();

    Optional<LedgerClient> client();

    Optional<Engine> engine();

    Optional<MpcNode> mpc();

    Optional<EventHub> events();

    Optional<Sightings> sightings();

    Optional<BridgeRunner> runner();

    /** EVM chains that this node can ask, by name. */
    Map<String, EthereumRpc> evmChains();
}
