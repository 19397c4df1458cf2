package io.cloister.node.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.node.heads.HeadMessage.Answer;
import io.cloister.node.heads.HeadMessage.Ask;
import io.cloister.node.heads.HeadMessage.Offer;
import io.cloister.node.heads.HeadMessage.Witnessed;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HeadMessageProperties {
    private static final TestHeads ALL = new TestHeads(2);
    private static final SignedHead HEAD = ALL.head(0, 3, 70);
    private static final Bytes NONCE = TestHeads.filled(32, 5);
    private static final List<HeadMessage> MESSAGES = List.of(
            new Offer(HEAD),
            Witnessed.sign(ALL.keys.get(1), HEAD.id()),
            new Ask(NONCE),
            Answer.sign(ALL.keys.get(1), TestHeads.CHAIN, ALL.id(0), NONCE, Optional.of(HEAD)),
            Answer.sign(ALL.keys.get(1), TestHeads.CHAIN, ALL.id(0), NONCE, Optional.empty()));

    @Provide
    Arbitrary<Bytes> noise() {
        Arbitrary<Bytes> any =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(400).map(Bytes::of);
        Arbitrary<Bytes> typed = Arbitraries.integers()
                .between(14, 21)
                .flatMap(type -> any.map(rest -> Bytes.concat(Bytes.of(type.byteValue()), rest)));
        return Arbitraries.oneOf(any, typed);
    }

    @Property(tries = 2_000)
    void anyBytesAreTheOnlyEncodingOfAMessageOrRefused(@ForAll("noise") Bytes payload) {
        requireStrict(payload);
    }

    @Property(tries = 2_000)
    void aMessageWithOneOtherByteIsTheOnlyEncodingOfAnotherOrRefused(
            @ForAll @IntRange(max = 4) int which, @ForAll @IntRange(max = 400) int at, @ForAll byte value) {
        byte[] bytes = MESSAGES.get(which).encode().toArray();
        bytes[at % bytes.length] = value;
        requireStrict(Bytes.wrap(bytes));
    }

    private static void requireStrict(Bytes payload) {
        HeadMessage message;
        try {
            message = HeadMessage.decode(payload);
        } catch (CodecException e) {
            return;
        }
        assertThat(message.encode()).isEqualTo(payload);
        assertThat(HeadMessage.isAbout(payload)).isTrue();
    }

    @Example
    void everyMessageIsReadAsItWasWrittenAndNoPartOfItIsAMessage() {
        for (HeadMessage message : MESSAGES) {
            Bytes encoded = message.encode();
            assertThat(HeadMessage.decode(encoded)).isEqualTo(message);
            for (int length = 0; length < encoded.length(); length++) {
                Bytes cut = encoded.slice(0, length);
                assertThatThrownBy(() -> HeadMessage.decode(cut)).isInstanceOf(CodecException.class);
            }
            Bytes longer = Bytes.concat(encoded, Bytes.zeros(1));
            assertThatThrownBy(() -> HeadMessage.decode(longer)).isInstanceOf(CodecException.class);
        }
    }
}
