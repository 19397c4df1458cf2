package io.cloister.node.steps;

import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;
import io.cloister.consensus.store.ConsensusTables;
import io.cloister.consensus.store.StoredTip;
import io.cloister.ledger.membership.Member;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.heads.HeadExchange.Answered;
import io.cloister.node.heads.Position;
import io.cloister.node.settings.Settings;
import io.cloister.vault.Head;
import io.cloister.vault.Level;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.IdentityStore;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Checks every row of the restored state against the registry, so that a changed, deleted or restored row is named before
 * anything is built on it. Then asks the peers how far this node had come, so that a whole disk of an earlier time is
 * noticed before consensus begins.
 */
@ApplicationScoped
public class FreshnessStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(FreshnessStep.class.getName());

    /** In the data folder; {@code ./cloister journal inspect} reads it. */
    static final String JOURNAL = "journal";

    @Override
    public String name() {
        return BootStage.FRESHNESS.name();
    }

    @Override
    public void run(BootContext context) throws InterruptedException {
        Vault vault = context.get(Vault.class);
        vault.verify(Level.STATE);
        Path journal = context.get(Settings.class).dataDirectory().resolve(JOURNAL);
        StatePosition position = new StatePosition(vault, vault.fileJournal(ConsensusTables.JOURNAL, journal));
        context.provide(StatePosition.class, position);
        HeadExchange heads = context.get(HeadExchange.class);
        heads.members(inForce(vault, context.get(GenesisFile.class)));
        check(
                heads,
                position.found(context.get(Head.class)),
                new IdentityStore(vault, context.get(Transactions.class))::raise);
    }

    /** The set that the last stored block names. */
    private static List<Bytes> inForce(Vault vault, GenesisFile genesis) {
        Optional<List<Bytes>> named = StoredTip.read(vault)
                .map(it ->
                        it.next().validators().stream().map(Validator::nodeId).toList());
        return named.orElseGet(
                () -> genesis.members().stream().map(Member::nodeId).toList());
    }

    /** @param raise makes the next boot's counter higher than this, durably */
    static void check(HeadExchange heads, Position found, LongConsumer raise) throws InterruptedException {
        Answered answered = heads.ask(found);
        heads.status().rollback().ifPresent(what -> LOG.log(System.Logger.Level.ERROR, what));
        switch (answered) {
            case Answered.Fresh(int peers) ->
                LOG.log(System.Logger.Level.INFO, "{0} peers know of no later state than {1}", peers, found);
            case Answered.Behind _ ->
                LOG.log(
                        System.Logger.Level.WARNING,
                        "this boot states nothing and sends no head before the chain has seated its keys");
            case Answered.Outrun(var known) -> {
                raise.accept(known.boot());
                throw new IllegalStateException(heads.status().rollback().orElseThrow()
                        + "; another instance of this node may run; the boot counter is raised, start again");
            }
        }
    }
}
