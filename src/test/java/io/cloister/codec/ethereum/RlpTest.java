package io.cloister.codec.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Vectors;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.codec.ethereum.Rlp.Limits;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RlpTest {
    @Test
    void encodesAndDecodesTheVectorsOfEthers() {
        int run = 0;
        for (JsonNode test : Vectors.json("multichain/ethereum/ethers-rlp.json.gz")) {
            Bytes encoded = Bytes.hex(test.get("encoded").asText());
            Item item = item(test.get("decoded"));
            assertThat(Rlp.encode(item)).as(test.get("name").asText()).isEqualTo(encoded);
            assertThat(Rlp.decode(encoded)).as(test.get("name").asText()).isEqualTo(item);
            run++;
        }
        assertThat(run).isEqualTo(61);
    }

    @Test
    void refusesEveryOtherForm() {
        assertReason(Reason.NOT_CANONICAL, "8100"); // one byte that stands for itself
        assertReason(Reason.NOT_CANONICAL, "b801ff"); // long form of a short string
        assertReason(Reason.NOT_CANONICAL, "b90001" + "ff"); // length with a leading zero
        assertReason(Reason.NOT_CANONICAL, "f801c0"); // long form of a short list
        assertReason(Reason.TRUNCATED, "");
        assertReason(Reason.TRUNCATED, "82aa");
        assertReason(Reason.TRUNCATED, "c2aa");
        assertReason(Reason.TRUNCATED, "c1c1");
        assertReason(Reason.TRUNCATED, "bfffffffffffffffff");
        assertReason(Reason.TRUNCATED, "ffffffffffffffffff");
        assertReason(Reason.TRAILING, "8000");
        assertReason(Reason.TRAILING, "c000");
    }

    @Test
    void keepsToItsLimits() {
        Limits limits = new Limits(16, 3, 5);
        assertThat(Rlp.decode(Bytes.hex("c2c1c0"), limits)).isNotNull();
        assertThatThrownBy(() -> Rlp.decode(Bytes.hex("c3c2c1c0"), limits)).hasMessageContaining("deeper");
        assertThatThrownBy(() -> Rlp.decode(Bytes.hex("c50102030405"), limits)).hasMessageContaining("items");
        assertThatThrownBy(() -> Rlp.decode(Bytes.zeros(17), limits)).hasMessageContaining("17 bytes");
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0xc0);
        assertThatThrownBy(() -> Rlp.decode(Bytes.wrap(deep))).isInstanceOf(CodecException.class);
    }

    @Test
    void readsNumbersOnlyWithoutLeadingZeros() {
        assertThat(Rlp.number(0)).isEqualTo(Rlp.text(Bytes.EMPTY));
        assertThat(Rlp.number(1024)).isEqualTo(Rlp.text(Bytes.hex("0400")));
        assertThat(Rlp.number(BigInteger.ONE.shiftLeft(255)).asNumber(32)).isEqualTo(BigInteger.ONE.shiftLeft(255));
        assertThatThrownBy(() -> Rlp.text(Bytes.hex("00")).asNumber(8)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Rlp.text(Bytes.hex("0001")).asLong()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Rlp.text(Bytes.hex("8000000000000000")).asLong())
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Rlp.text(Bytes.zeros(9)).asLong()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Rlp.list().asBytes()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Rlp.text(Bytes.EMPTY).asList()).isInstanceOf(CodecException.class);
    }

    @Property(tries = 300)
    void decodesItsOwnEncoding(@ForAll Random random) {
        Item item = random(random, 4);
        assertThat(Rlp.decode(Rlp.encode(item))).isEqualTo(item);
    }

    @Property(tries = 1000)
    void acceptsNothingThatItWouldNotEncodeItself(@ForAll byte[] input) {
        Bytes bytes = Bytes.of(input);
        try {
            assertThat(Rlp.encode(Rlp.decode(bytes))).isEqualTo(bytes);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static Item random(Random random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(4)];
            random.nextBytes(bytes);
            return Rlp.text(Bytes.wrap(bytes));
        }
        return Rlp.list(Stream.generate(() -> random(random, depth - 1))
                .limit(random.nextInt(6))
                .toList());
    }

    private static Item item(JsonNode node) {
        if (node.isTextual()) {
            return Rlp.text(Bytes.hex(node.asText()));
        }
        List<Item> items = StreamSupport.stream(node.spliterator(), false)
                .map(RlpTest::item)
                .toList();
        return Rlp.list(items);
    }

    private static void assertReason(Reason reason, String hex) {
        CodecException refused = catchThrowableOfType(CodecException.class, () -> Rlp.decode(Bytes.hex(hex)));
        assertThat(refused).as("%s refused", hex).isNotNull();
        assertThat(refused.reason()).as(hex).isEqualTo(reason);
    }
}
