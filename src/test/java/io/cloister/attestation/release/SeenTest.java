package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenTest {
    private static RevocationList list(long number) {
        return new RevocationList(
                number, Releases.set(Releases.STRANGER.publicKey().id()), new TreeSet<>(Set.of("1.3.0")), 5);
    }

    private static Seen seen(long securityVersion, long list) {
        return new Seen(securityVersion, Optional.of(list(list)));
    }

    @Test
    void isKeptAsADocument() {
        Seen seen = seen(7, 12);

        assertThat(seen.encode().asUtf8())
                .isEqualTo("{\"format\":\"cloister/seen/v1\",\"revocations\":["
                        + list(12).encode().asUtf8() + "],\"securityVersion\":7}");
        assertThat(Seen.decode(seen.encode())).isEqualTo(seen);
        assertThat(Seen.NOTHING.encode().asUtf8())
                .isEqualTo("{\"format\":\"cloister/seen/v1\",\"revocations\":[],\"securityVersion\":0}");
        assertThat(Seen.decode(Seen.NOTHING.encode())).isEqualTo(Seen.NOTHING);
    }

    @Test
    void keepsTheLargestListAndReadsNoLargerDocument() {
        TreeSet<Bytes> keys = new TreeSet<>();
        TreeSet<String> versions = new TreeSet<>();
        for (int i = 0; i < 256; i++) {
            keys.add(Hashes.sha256(Bytes.utf8("key " + i)));
        }
        for (int i = 0; i < 1024; i++) {
            versions.add((100_000 + i) + ".999999.999999-" + "x".repeat(32));
        }
        Seen seen =
                new Seen(0xffff_ffffL, Optional.of(new RevocationList((1L << 53) - 1, keys, versions, 0xffff_ffffL)));

        assertThat(Seen.decode(seen.encode())).isEqualTo(seen);
        Bytes longer = Bytes.utf8(" ".repeat(Seen.MAX_SIZE));
        assertThatThrownBy(() -> Seen.decode(Bytes.concat(longer, seen.encode())))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void nothingGoesBack() {
        assertThat(seen(7, 1).and(seen(3, 9))).isEqualTo(seen(7, 9));
        assertThat(seen(3, 9).and(seen(7, 1))).isEqualTo(seen(7, 9));
        assertThat(seen(3, 9).and(Seen.NOTHING)).isEqualTo(seen(3, 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"format\":\"cloister/seen/v2\",\"revocations\":[],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":1,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":null,\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[null],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{\"format\":\"cloister/revocations/v1\",\"keys\":[],\"leastSecurityVersion\":0,\"number\":0,\"versions\":[]}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{\"format\":\"cloister/revocations/v1\",\"keys\":[],\"leastSecurityVersion\":0,\"number\":9007199254740992,\"versions\":[]}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{\"format\":\"cloister/revocations/v1\",\"keys\":[],\"leastSecurityVersion\":0,\"number\":1,\"versions\":[]},{\"format\":\"cloister/revocations/v1\",\"keys\":[],\"leastSecurityVersion\":0,\"number\":2,\"versions\":[]}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{\"format\":\"cloister/revocations/v1\",\"keys\":[\"00\"],\"leastSecurityVersion\":0,\"number\":1,\"versions\":[]}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[{\"format\":\"cloister/revocations/v2\",\"keys\":[],\"leastSecurityVersion\":0,\"number\":1,\"versions\":[]}],\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[],\"securityVersion\":4294967296}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[],\"securityVersion\":-1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[]}",
                "{\"format\":\"cloister/seen/v1\",\"securityVersion\":1}",
                "{\"format\":\"cloister/seen/v1\",\"revocations\":[],\"revocations\":[],\"securityVersion\":1}"
            })
    void refusesWhatIsNoRecord(String text) {
        assertThatThrownBy(() -> Seen.decode(Bytes.utf8(text))).isInstanceOf(CodecException.class);
    }
}
