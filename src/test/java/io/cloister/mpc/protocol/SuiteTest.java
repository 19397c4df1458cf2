package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.mpc.board.SigningRequest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteTest {
    static SigningRequest request(int number, String... path) {
        return new SigningRequest(
                Hashes.sha256(Bytes.utf8("request " + number)),
                Hashes.sha256(Bytes.utf8("message " + number)),
                List.of(path).stream().map(Bytes::utf8).toList(),
                "test");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7})
    void makesKeysFillsThePoolAndSigns(int size) {
        Simulation simulation = new Simulation(size, 7);
        simulation.until(
                "keys",
                60_000,
                () -> simulation.keys().signingKey().isPresent()
                        && simulation.keys().beaconKey().isPresent());
        simulation.until("pool", 60_000, () -> simulation.keys().poolLevel() >= 4);
        SigningRequest root = request(1);
        SigningRequest derived = request(2, "gateway", "seven");
        simulation.request(root);
        simulation.request(derived);
        simulation.until("answers", 60_000, () -> simulation.answers.size() == 2);

        for (SigningRequest request : List.of(root, derived)) {
            Signature signature = simulation.answers.get(request.requestId());
            Point key = simulation.keys().derivedKey(request.path()).orElseThrow();
            assertThat(Ecdsa.verify(key, request.digest(), signature)).isTrue();
            assertThat(Ecdsa.recover(request.digest(), signature)).contains(key);
        }
        assertThat(simulation.alarms).isEmpty();
        assertThat(simulation.nodes.values()).allMatch(n -> n.reports.isEmpty());
    }
}
