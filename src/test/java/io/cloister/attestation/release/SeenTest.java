package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenTest {
    @Test
    void isKeptAsADocument() {
        Seen seen = new Seen(7, 12);

        assertThat(seen.encode().asUtf8())
                .isEqualTo("{\"format\":\"cloister/seen/v1\",\"revocations\":12,\"securityVersion\":7}");
        assertThat(Seen.decode(seen.encode())).isEqualTo(seen);
    }

    @Test
    void nothingGoesBack() {
        assertThat(new Seen(7, 1).and(new Seen(3, 9))).isEqualTo(new Seen(7, 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"format\":\"cloister/seen/v2\",\"revocations\":1,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":-1,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":1,\"securityVersion\":4294967296}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":9007199254740992,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":1,\"revocations\":2,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":\"1\",\"securityVersion\":1}"
            })
    void refusesWhatIsNoRecord(String text) {
        assertThatThrownBy(() -> Seen.decode(Bytes.utf8(text))).isInstanceOf(CodecException.class);
    }
}
