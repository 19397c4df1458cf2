package io.cloister.node;

import io.cloister.attestation.BootKeySet;
import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.engine.EngineStatus;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.membership.Members;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import io.cloister.node.steps.GenesisStep.Seat;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The last step: waits until the node has caught up and votes with the key of this boot, and says that it serves. */
@ApplicationScoped
public class ReadyStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(ReadyStep.class.getName());
    private static final long PAUSE_MILLIS = 50;

    @Override
    public String name() {
        return BootStage.READY.name();
    }

    @Override
    public void run(BootContext context) throws InterruptedException {
        Engine engine = context.get(Engine.class);
        Ledger ledger = context.get(Ledger.class);
        Seat seat = context.get(Seat.class);
        Bytes voteKey = context.get(BootKeySet.class).voteKey33();
        while (!hasCaughtUp(engine.status(), seat) || !isInForce(ledger, seat, voteKey)) {
            context.requireRunning();
            Thread.sleep(PAUSE_MILLIS);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "ready on {0}",
                context.get(Settings.class).chainId());
    }

    /** At a height that f others have not passed: one more than f claims cannot all be lies. */
    private static boolean hasCaughtUp(EngineStatus status, Seat seat) {
        List<Long> heard = status.validators().stream()
                .filter(v -> v.slot() != seat.slot())
                .map(EngineStatus.ValidatorStatus::lastHeight)
                .sorted((a, b) -> Long.compare(b, a))
                .toList();
        long others = heard.size() > seat.faulty() ? heard.get(seat.faulty()) : 0;
        return status.decidedHeight() >= 1 && status.height() >= others;
    }

    private static boolean isInForce(Ledger ledger, Seat seat, Bytes voteKey) {
        return Members.at(ledger.state(), seat.slot())
                .filter(member -> member.voteKey().equals(voteKey))
                .isPresent();
    }
}
