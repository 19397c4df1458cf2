package io.cloister.codec.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Vectors;
import io.cloister.codec.ethereum.EthereumTransaction.Type;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EthereumTransactionTest {
    @Test
    void decodesEncodesAndSignsTheVectorsOfEthers() {
        int run = 0;
        int blobs = 0;
        for (JsonNode test : Vectors.json("multichain/ethereum/ethers-transactions.json.gz")) {
            Scalar secret =
                    Scalar.of(new BigInteger(test.get("privateKey").asText().substring(2), 16));
            try (SecretScalar scalar = SecretScalar.fromPublic(secret);
                    SigningKey key = SigningKey.of(scalar)) {
                for (String kind : List.of("Legacy", "Eip155", "Berlin", "London", "Cancun")) {
                    Bytes raw = Bytes.hex(test.get("signed" + kind).asText());
                    if (raw.isEmpty()) { // this type has no such transaction
                        continue;
                    }
                    SignedTransaction signed = EthereumTransaction.decode(raw);
                    String name = test.get("name").asText() + " " + kind;
                    assertThat(signed.sender()).as(name).isEqualTo(EthereumAddress.of(key.publicKey()));
                    assertThat(signed.hash()).isEqualTo(Hashes.keccak256(raw));
                    assertThat(signed.transaction().encodeSigned(signed.signature()))
                            .as(name)
                            .isEqualTo(raw);
                    assertThat(signed.transaction().signingDigest())
                            .as(name)
                            .isEqualTo(Hashes.keccak256(
                                    Bytes.hex(test.get("unsigned" + kind).asText())));
                    Signature own = key.sign(signed.transaction().signingDigest());
                    assertThat(signed.transaction().encodeSigned(own)).as(name).isEqualTo(raw);
                    blobs += signed.transaction().type() == Type.BLOB ? 1 : 0;
                    run++;
                }
            }
        }
        assertThat(run).isEqualTo(5696);
        assertThat(blobs).isPositive();
    }

    @Test
    void buildsTheTransactionsThatItDecodes() {
        BigInteger chain = BigInteger.valueOf(31337);
        Optional<Bytes> to = Optional.of(Bytes.hex("11".repeat(20)));
        EthereumTransaction legacy =
                EthereumTransaction.legacy(chain, 3, BigInteger.TEN, 21_000, to, BigInteger.ONE, Bytes.hex("00"));
        EthereumTransaction dynamic = EthereumTransaction.dynamicFee(
                chain,
                4,
                BigInteger.ONE,
                BigInteger.TEN,
                50_000,
                Optional.empty(),
                BigInteger.ZERO,
                Bytes.hex("6000"),
                List.of(new AccessListEntry(Bytes.hex("22".repeat(20)), List.of(Bytes.zeros(32)))));
        try (SigningKey key = SigningKey.generate()) {
            for (EthereumTransaction transaction : List.of(legacy, dynamic)) {
                Bytes raw = transaction.encodeSigned(key.sign(transaction.signingDigest()));
                SignedTransaction decoded = EthereumTransaction.decode(raw);
                assertThat(decoded.transaction()).isEqualTo(transaction);
                assertThat(decoded.sender()).isEqualTo(EthereumAddress.of(key.publicKey()));
            }
        }
    }

    @Test
    void refusesHighSForeignTypesAndOtherShapes() {
        EthereumTransaction transaction = EthereumTransaction.legacy(
                BigInteger.ONE, 0, BigInteger.ONE, 21_000, Optional.of(Bytes.zeros(20)), BigInteger.ZERO, Bytes.EMPTY);
        try (SigningKey key = SigningKey.generate()) {
            Signature signature = key.sign(transaction.signingDigest());
            Bytes raw = transaction.encodeSigned(signature);
            List<Rlp.Item> fields = new ArrayList<>(Rlp.decode(raw).asList());
            fields.set(8, Rlp.number(signature.s().negate().toBigInteger()));
            Bytes high = Rlp.encode(Rlp.list(fields));
            fields.set(8, Rlp.number(0));
            Bytes zero = Rlp.encode(Rlp.list(fields));
            for (Bytes wrong : List.of(
                    high,
                    zero,
                    Bytes.EMPTY,
                    Bytes.concat(Bytes.hex("05"), raw),
                    Bytes.concat(Bytes.hex("02"), raw),
                    raw.slice(0, raw.length() - 1),
                    Bytes.concat(raw, Bytes.zeros(1)))) {
                assertThatThrownBy(() -> EthereumTransaction.decode(wrong)).isInstanceOf(CodecException.class);
            }
            Signature turned = new Signature(signature.r(), signature.s().negate(), signature.recoveryId() ^ 1);
            assertThatThrownBy(() -> transaction.encodeSigned(turned)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void recoversTheAuthorityThatSetsCode() {
        BigInteger chain = BigInteger.ONE;
        Bytes code = Bytes.hex("33".repeat(20));
        Bytes message = Rlp.encode(Rlp.list(Rlp.number(chain), Rlp.text(code), Rlp.number(7)));
        try (SigningKey key = SigningKey.generate()) {
            Signature signature = key.sign(Hashes.keccak256(Bytes.hex("05"), message));
            BigInteger parity = BigInteger.valueOf(signature.recoveryId());
            BigInteger r = signature.r().toBigInteger();
            BigInteger s = signature.s().toBigInteger();
            BigInteger nonce = BigInteger.valueOf(7);
            Point owner = key.publicKey();
            Authorization right = new Authorization(chain, code, nonce, parity, r, s);
            assertThat(right.authority()).contains(EthereumAddress.of(owner));
            BigInteger high = signature.s().negate().toBigInteger();
            assertThat(new Authorization(chain, code, nonce, parity, r, high).authority())
                    .isEmpty();
            assertThat(new Authorization(chain, code, nonce, BigInteger.TWO, r, s).authority())
                    .isEmpty();
            assertThat(new Authorization(chain, code, nonce, parity, BigInteger.ZERO, s).authority())
                    .isEmpty();
            EthereumTransaction transaction = new EthereumTransaction(
                    Type.SET_CODE,
                    Optional.of(chain),
                    0,
                    BigInteger.ONE,
                    BigInteger.ONE,
                    100_000,
                    Optional.of(code),
                    BigInteger.ZERO,
                    Bytes.EMPTY,
                    List.of(),
                    BigInteger.ZERO,
                    List.of(),
                    List.of(right));
            Bytes raw = transaction.encodeSigned(key.sign(transaction.signingDigest()));
            assertThat(EthereumTransaction.decode(raw).transaction()).isEqualTo(transaction);
        }
    }
}
