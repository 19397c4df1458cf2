package io.cloister.node.parts;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.LoopbackNetwork;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.parts.PartMessage.Fetch;
import io.cloister.node.parts.PartMessage.Handed;
import io.cloister.node.parts.PartMessage.Keep;
import io.cloister.node.parts.PartMessage.Kept;
import io.cloister.vault.Schema;
import io.cloister.vault.TestDatabase;
import io.cloister.vault.TestUnit;
import io.cloister.vault.hibernate.HibernateVault;
import io.cloister.vault.hibernate.Transactions;
import io.cloister.vault.identity.PartStore;
import io.cloister.vault.store.Vault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A booting node among peers of which one may say anything. */
class PartExchangeTest {
    private static final Bytes RIGHT = Bytes.hex("11".repeat(32));
    private static final Bytes WRONG = Bytes.hex("ee".repeat(32));
    private static final Predicate<SecretBytes> FITS = part -> RIGHT.equals(part.use(Bytes::of));

    private final LoopbackNetwork network = LoopbackNetwork.threaded();
    private final List<Keep> offered = Collections.synchronizedList(new ArrayList<>());
    private TestUnit unit;
    private Vault vault;
    private PartExchange owner;

    @BeforeEach
    void open() {
        TestDatabase database = TestDatabase.fresh();
        unit = TestUnit.with(database.source());
        vault = database.openAll(Schema.VAULT, new TestDatabase.Peers());
        HibernateVault.attach(unit.factory(), vault);
        owner = node(9, 5);
    }

    @AfterEach
    void close() {
        network.close();
        vault.close();
        unit.close();
    }

    private static Bytes id(int number) {
        return Bytes.hex("02" + "%02x".formatted(number).repeat(32));
    }

    private PartExchange node(int number, long generation) {
        return new PartExchange(
                network.join(id(number)), new PartStore(vault, Transactions.local(unit.factory())), 2, generation);
    }

    /** A peer that hands out this, and notes what it is asked to keep. */
    private void peer(int number, Optional<Keep> part) {
        PeerNetwork port = network.join(id(number));
        port.subscribe(Topic.STATE, (from, payload) -> {
            switch (PartMessage.decode(payload)) {
                case Fetch() -> port.send(from, Topic.STATE, new Handed(part).encode());
                case Keep keep -> {
                    offered.add(keep);
                    port.send(from, Topic.STATE, new Kept(keep.generation()).encode());
                }
                default -> {}
            }
        });
    }

    @Test
    void onePeerThatHandsOutAnotherPartOfAHigherGenerationDecidesNothing() {
        peer(1, Optional.of(new Keep(Long.MAX_VALUE, WRONG)));
        peer(2, Optional.of(new Keep(1, RIGHT)));
        peer(3, Optional.empty());
        try (SecretBytes part = owner.fetch(FITS).orElseThrow()) {
            assertThat(FITS.test(part)).isTrue();
        }
    }

    @Test
    void oneCopyIsEnoughAndIsSpreadToTheOthers() throws InterruptedException {
        peer(1, Optional.empty());
        peer(2, Optional.empty());
        PeerNetwork late = network.join(id(3));
        late.subscribe(Topic.STATE, (from, payload) -> {
            if (PartMessage.decode(payload) instanceof Fetch) {
                late.send(from, Topic.STATE, new Handed(Optional.of(new Keep(4, RIGHT))).encode());
            }
        });
        owner.fetch(FITS).orElseThrow().close();
        for (int waited = 0; offered.isEmpty() && waited < 100; waited++) {
            Thread.sleep(50);
        }
        assertThat(offered).isNotEmpty().allMatch(new Keep(4, RIGHT)::equals);
    }

    @Test
    void givesUpWhenAllHaveAnsweredAndNoneHasIt() {
        peer(1, Optional.empty());
        peer(2, Optional.of(new Keep(1, WRONG)));
        assertThat(owner.fetch(FITS)).isEmpty();
    }

    @Test
    void aNewPartGoesToEveryPeerInReach() {
        peer(1, Optional.empty());
        peer(2, Optional.empty());
        peer(3, Optional.empty());
        try (SecretBytes part = SecretBytes.taking(RIGHT.toArray())) {
            owner.deposit(part);
        }
        assertThat(offered).hasSizeGreaterThanOrEqualTo(3).allMatch(new Keep(5, RIGHT)::equals);
    }

    @Test
    void aNodeKeepsAPeersPartAndHandsItOutAgain() {
        node(1, 1);
        peer(2, Optional.empty());
        try (SecretBytes part = SecretBytes.taking(RIGHT.toArray())) {
            owner.deposit(part);
        }
        owner.fetch(FITS).orElseThrow().close();
    }

    @Test
    void messagesAboutHeadsAreLeftToOthers() {
        node(1, 1);
        PeerNetwork sender = network.join(id(3));
        sender.send(id(1), Topic.STATE, Bytes.of((byte) PartMessage.OTHERS));
        sender.subscribe(Topic.STATE, (from, payload) -> {
            if (PartMessage.decode(payload) instanceof Keep keep) {
                sender.send(from, Topic.STATE, new Kept(keep.generation()).encode());
            }
        });
        try (SecretBytes part = SecretBytes.taking(RIGHT.toArray())) {
            owner.deposit(part);
        }
        owner.fetch(FITS).orElseThrow().close();
    }
}
