package io.cloister.node.steps;

import io.cloister.api.ChainIndex;
import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.bridge.EventHub;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.channel.PeerNetwork;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.core.Pace;
import io.cloister.consensus.core.Snapshots;
import io.cloister.consensus.core.Timeouts;
import io.cloister.consensus.engine.Acceptance;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.engine.EngineSettings;
import io.cloister.consensus.store.FileConsensusLog;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.local.LocalLedger;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.GenesisStep.Seat;
import io.cloister.node.steps.Modules.Assembled;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** Takes up the stored chain and takes part in it. */
@ApplicationScoped
public class ConsensusStep implements BootStep {
    @Inject
    private ChainIndex index;

    @Override
    public String name() {
        return BootStage.CONSENSUS.name();
    }

    @Override
    public void run(BootContext context) {
        GenesisFile file = context.get(GenesisFile.class);
        Vault vault = context.get(Vault.class);
        NodeIdentity identity = context.get(NodeIdentity.class);
        Assembled assembled = Modules.assemble(file, context.get(EvidenceVerifier.class));
        Ledger ledger = assembled.ledger();
        BootVotes signer = new BootVotes(
                identity.slotKey(),
                context.get(BootKeys.class).votes(),
                context.get(BootKeySet.class),
                context.get(Attester.class));
        Settings settings = context.get(Settings.class);
        StatePosition position = context.get(StatePosition.class);
        Engine engine = new Engine(
                settings(settings.consensus()),
                assembled.genesis(),
                signer,
                context.get(PeerNetwork.class),
                new VaultConsensusStore(vault, settings.consensus().keepBlocks()),
                new FileConsensusLog(position.journal()),
                ledger,
                InstantSource.system());
        signer.connect(engine::stated);
        HeadExchange heads = context.get(HeadExchange.class);
        OwnHeads sound = new OwnHeads(heads, ledger, context.get(Seat.class).slot(), context.get(BootKeySet.class));
        signer.stateOnlyWhen(sound::areSound);
        LocalLedger client = new LocalLedger(
                file.chainId(),
                ledger,
                context.get(BootKeys.class).votes(),
                transaction -> require(engine.submit(transaction)));
        EventHub events = new EventHub();
        ledger.addListener(client);
        ledger.addListener(events);
        ledger.addListener(index);
        ledger.addListener(sound);
        context.provide(Ledger.class, ledger);
        context.provide(LedgerClient.class, client);
        context.provide(EventHub.class, events);
        engine.start();
        heads.begin(position::now, sound::areSound);
        context.closeAtStop("the engine", engine);
        context.watch("consensus", engine::halted);
        context.provide(Engine.class, engine);
    }

    private static EngineSettings settings(Settings.Consensus times) {
        EngineSettings defaults = EngineSettings.DEFAULT;
        Timeouts rounds = defaults.timeouts();
        Pace pace = defaults.pace();
        long propose = times.roundTimeout().toMillis();
        return defaults.withTimeouts(new Timeouts(
                        propose,
                        rounds.prevoteBase(),
                        rounds.precommitBase(),
                        rounds.delta(),
                        Math.max(propose, rounds.cap())))
                .withPace(new Pace(
                        times.blockInterval().toMillis(),
                        pace.gather(),
                        times.emptyBlockInterval().toMillis(),
                        pace.tick(),
                        pace.patience()))
                .withSnapshots(new Snapshots(times.snapshotBehind(), times.snapshotEvery()));
    }

    private static void require(Acceptance acceptance) throws TransactionRefused {
        switch (acceptance) {
            case Acceptance.Refused(String code, String message) -> throw new TransactionRefused(code, message);
            case Acceptance.Full(boolean forThisSender) ->
                throw new TransactionRefused("pool-full", forThisSender ? "too many of this sender" : "no room");
            case Acceptance.Accepted _, Acceptance.Known _ -> {}
        }
    }
}
