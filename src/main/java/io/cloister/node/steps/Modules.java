package io.cloister.node.steps;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Module;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.AtOnce;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import java.util.List;
import java.util.Optional;

/** Puts the replicated application together from a genesis file: the same on every node. */
public final class Modules {
    private Modules() {}

    /** The application and where its chain begins. */
    public record Assembled(Ledger ledger, Genesis genesis) {}

    public static Assembled assemble(GenesisFile file, EvidenceVerifier verifier) {
        BoardModule board = new BoardModule(BoardParameters.defaults(), Modules::committee);
        BridgeModule bridge = new BridgeModule(file.assets(), board);
        board.connect(bridge);
        MembershipModule membership = new MembershipModule(
                file.members(), file.rules(), file.policy(), verifier, new AtOnce(), List.of(board));
        List<Module> modules = List.of(membership, board, bridge);
        ValidatorSet validators = new ValidatorSet(file.members().stream()
                .map(m -> new Validator(m.slot(), m.nodeId(), m.voteKey(), 1, m.bootCounter()))
                .toList());
        Genesis genesis = new Genesis(
                file.chainId(),
                GenesisFile.EPOCH,
                file.timeMillis(),
                validators,
                Ledger.firstState(file.chainId(), GenesisFile.EPOCH, file.timeMillis(), validators, modules));
        return new Assembled(new Ledger(genesis, modules), genesis);
    }

    /**
     * The committee of the threshold protocols: all seats that shares were dealt to. Who has lost the seat signs nothing more,
     * but the numbers of the others stay; who has joined since has no share.
     */
    public static Optional<Committee> committee(View anyModule) {
        List<Member> members = Members.seats(anyModule).stream()
                .map(m ->
                        new Member(m.slot(), m.nodeId(), m.voteKey(), m.epochKey(), m.bootShareKey(), m.bootCounter()))
                .toList();
        return members.size() < Committee.MIN_SIZE ? Optional.empty() : Optional.of(new Committee(members));
    }
}
