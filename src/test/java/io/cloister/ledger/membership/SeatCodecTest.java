package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Newcomers.Newcomer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the transactions of membership look like, and that no other bytes are one. */
class SeatCodecTest {
    private static final SigningKey OPERATOR = TestChain.key("operator of slot 1");

    private final Newcomers net = new Newcomers(4);
    private final Newcomer node = new Newcomer("the fifth", 1);
    private final SeatGrant grant =
            SeatGrant.sign(OPERATOR, Boots.ID, false, 5, node.slotKey().id(), 7, 300);

    private record Coded(Bytes encoded, Function<Bytes, Bytes> again) {}

    private List<Coded> all() {
        Join join = net.join(grant, node);
        Leave leave = new Leave(3, node.slotKey().id(), 8);
        Refresh refresh = new Refresh(1, Bytes.zeros(32), join.evidence());
        Revoke revoke = new Revoke(3, join.evidence().encode(), Optional.of(Bytes.zeros(9)));
        return List.of(
                new Coded(grant.encode(), it -> SeatGrant.decode(it).encode()),
                new Coded(join.encode(), it -> Join.decode(it).encode()),
                new Coded(leave.encode(), it -> Leave.decode(it).encode()),
                new Coded(refresh.encode(), it -> Refresh.decode(it).encode()),
                new Coded(revoke.encode(), it -> Revoke.decode(it).encode()));
    }

    @Test
    void aGrantsBytesAreTheDocumentedOnes() {
        String unsigned = "00" + "0005" + node.slotKey().id().toHex() + "0000000000000007" + "000000000000012c"
                + OPERATOR.id().toHex();
        assertThat(grant.encode().toHex()).startsWith(unsigned).hasSize(2 * SeatGrant.SIZE);
        assertThat(new Leave(3, node.slotKey().id(), 8).encode().toHex())
                .isEqualTo("0003" + node.slotKey().id().toHex() + "0000000000000008");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(SeatGrant.decode(grant.encode())).isEqualTo(grant);
        assertThat(all())
                .allSatisfy(it -> assertThat(it.again().apply(it.encoded())).isEqualTo(it.encoded()));
    }

    @Test
    void anyOtherBytesAreRefusedOrRead() {
        SplittableRandom random = new SplittableRandom(5);
        for (Coded each : all()) {
            Bytes longer = Bytes.concat(each.encoded(), Bytes.zeros(1));
            assertThatThrownBy(() -> each.again().apply(longer)).isInstanceOf(CodecException.class);
            for (int i = 0; i < 2_000; i++) {
                byte[] changed = each.encoded().toArray();
                int cut = random.nextInt(4) == 0 ? random.nextInt(changed.length) : changed.length;
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                Bytes input = Bytes.wrap(changed).slice(0, cut);
                try {
                    assertThat(each.again().apply(input)).isEqualTo(input);
                } catch (CodecException e) {
                    assertThat(e.reason()).isNotNull();
                }
            }
        }
    }
}
