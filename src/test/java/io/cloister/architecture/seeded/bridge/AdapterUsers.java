package io.cloister.architecture.seeded.bridge;

import io.cloister.architecture.seeded.bridge.runner.Runner;
import io.cloister.architecture.seeded.channel.grpc.Network;
import io.cloister.architecture.seeded.consensus.engine.Engine;
import io.cloister.architecture.seeded.mpc.node.MpcNode;
import io.cloister.architecture.seeded.multichain.rpc.Client;
import io.cloister.architecture.seeded.vault.store.Store;

/** Cores that use an adapter. */
public final class AdapterUsers {
    record OfRpc(Client client) {}

    record OfRunner(Runner runner) {}

    record OfEngine(Engine engine) {}

    record OfStore(Store store) {}

    record OfGrpc(Network network) {}

    record OfMpcNode(MpcNode node) {}
}
