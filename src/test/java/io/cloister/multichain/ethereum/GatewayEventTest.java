package io.cloister.multichain.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.multichain.ethereum.GatewayEvent.Burned;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GatewayEventTest {
    private static final Bytes GATEWAY = Bytes.zeros(20);
    private static final List<Bytes> TOPICS =
            List.of(GatewayEvent.BURNED, word(3), Bytes.concat(Bytes.zeros(12), Bytes.hex("11".repeat(20))));
    private static final Bytes DATA =
            Bytes.concat(word(64), word(5_000), word(4), Bytes.hex("6c746331"), Bytes.zeros(28));

    @Test
    void readsABurnAsTheContractEncodesIt() {
        assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS, DATA)))
                .contains(new Burned(Bytes.utf8("ltc1"), BigInteger.valueOf(5_000), 3, Bytes.hex("11".repeat(20))));
    }

    @Test
    void answersNothingForOtherEventsAndBrokenOnes() {
        assertThat(GatewayEvent.decode(new Log(GATEWAY, List.of(), DATA))).isEmpty();
        assertThat(GatewayEvent.decode(new Log(GATEWAY, List.of(word(1)), DATA)))
                .isEmpty();
        assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS.subList(0, 2), DATA)))
                .isEmpty();
        assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS, DATA.slice(0, 64))))
                .isEmpty();
        assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS, Bytes.EMPTY))).isEmpty();
        for (long length : new long[] {5, 33, Integer.MAX_VALUE, 1L << 40}) {
            Bytes longer = Bytes.concat(word(64), word(5_000), word(length), Bytes.zeros(32));
            assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS, longer)).isPresent())
                    .isEqualTo(length == 5);
        }
        List<Bytes> hugeNonce = List.of(TOPICS.get(0), Bytes.hex("ff".repeat(32)), TOPICS.get(2));
        assertThat(GatewayEvent.decode(new Log(GATEWAY, hugeNonce, DATA))).isEmpty();
    }

    @Property(tries = 2000)
    void neverFailsWhateverAContractEmits(
            @ForAll @Size(max = 200) byte[] data, @ForAll @IntRange(max = 4) int topics, @ForAll boolean minted) {
        Bytes kind = minted ? GatewayEvent.MINTED : GatewayEvent.AUTHORITY_CHANGED;
        List<Bytes> all = List.of(kind, word(1), word(2), word(3));
        assertThat(GatewayEvent.decode(new Log(GATEWAY, all.subList(0, topics), Bytes.of(data))))
                .isNotNull();
        assertThat(GatewayEvent.decode(new Log(GATEWAY, TOPICS, Bytes.of(data))))
                .isNotNull();
    }

    private static Bytes word(long value) {
        return TypedData.word(BigInteger.valueOf(value));
    }
}
