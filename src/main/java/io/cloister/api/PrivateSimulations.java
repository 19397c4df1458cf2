package io.cloister.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.DecryptionException;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.LimitExceededException;
import io.cloister.evm.Limits;
import io.cloister.evm.SeedFormat;
import io.cloister.evm.SimulationRequest;
import io.cloister.evm.Simulator;
import io.cloister.evm.StateNotCoveredException;
import io.cloister.evm.TransactionRejectedException;
import io.cloister.evm.UnsupportedPrecompileException;
import io.cloister.evm.exchange.Exchange;
import io.cloister.evm.exchange.ServingKey;
import io.cloister.evm.exchange.SignedResult;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Opens a sealed request, simulates it, and seals the signed answer. Whatever is wrong inside a request is said inside the
 * sealed answer; nothing of a request, its errors included, is logged or answered in clear.
 */
final class PrivateSimulations {
    /** All the state of a request of this form comes with the request. */
    static final String AUTHORITY = "request";

    private static final String NO_FORK = "none";
    private static final int RETRY_SECONDS = 1;
    private static final System.Logger LOG = System.getLogger(PrivateSimulations.class.getName());

    private final Simulator simulator;
    private final Limits limits;
    private final Semaphore running;

    /** @param concurrent simulations that may run at one time */
    PrivateSimulations(Simulator simulator, Limits limits, int concurrent) {
        this.simulator = simulator;
        this.limits = limits;
        this.running = new Semaphore(concurrent);
    }

    /**
     * Who answers.
     *
     * @param release measurement of the running release
     */
    record Identity(String chainId, ServingKey key, SigningKey results, Bytes release) {}

    /** What a simulation gave, as JSON, and by which rules. */
    private record Result(String fork, Bytes json) {}

    /**
     * @param sealed enc || ct
     * @throws ApiException 400 {@code not-sealed-to-this-key}, 409 {@code replayed-request}, 429 when too many run, 503
     *     {@code evm-key-exhausted}
     */
    Bytes answer(Identity self, Bytes sealed) {
        if (!running.tryAcquire()) {
            throw ApiException.tooMany(RETRY_SECONDS);
        }
        try (Exchange exchange = accept(self, sealed)) {
            switch (self.key().remember(exchange)) {
                case NEW -> {}
                case SEEN -> throw ApiException.conflict("replayed-request", "the request was served before");
                case FULL ->
                    throw ApiException.unavailable(
                            "evm-key-exhausted", "the key has served all it may; ask another node");
            }
            Result result = simulate(exchange.plaintext());
            return exchange.answer(SignedResult.sign(
                    self.results(),
                    self.chainId(),
                    exchange.requestHash(),
                    result.fork(),
                    AUTHORITY,
                    self.release(),
                    result.json()));
        } finally {
            running.release();
        }
    }

    private static Exchange accept(Identity self, Bytes sealed) {
        try {
            return self.key().accept(self.chainId(), sealed);
        } catch (DecryptionException e) {
            throw ApiException.badRequest(
                    "not-sealed-to-this-key", "the request does not open with this key for this chain");
        }
    }

    private Result simulate(Bytes plaintext) {
        SimulationRequest request;
        try {
            request = SeedFormat.request(plaintext);
        } catch (CodecException e) {
            return error(NO_FORK, "malformed-request", String.valueOf(e.getMessage()));
        }
        String fork = request.fork().name().toLowerCase(Locale.ROOT);
        try {
            Bytes json = Bytes.utf8(SeedFormat.render(simulator.simulate(request, limits)));
            return json.length() > SignedResult.MAX_RESULT
                    ? error(fork, "result-too-long", "at most " + SignedResult.MAX_RESULT + " bytes are answered")
                    : new Result(fork, json);
        } catch (TransactionRejectedException e) {
            return error(fork, "transaction-rejected", String.valueOf(e.getMessage()));
        } catch (StateNotCoveredException e) {
            return error(fork, "state-not-covered", String.valueOf(e.getMessage()));
        } catch (UnsupportedPrecompileException e) {
            return error(fork, "unsupported-precompile", String.valueOf(e.getMessage()));
        } catch (LimitExceededException e) {
            return error(fork, "limit-exceeded", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Its message could quote the request, so only its kind is told, and that to the operator alone.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "a simulation failed: {0}",
                    e.getClass().getName());
            return error(fork, "internal-error", "the simulator failed");
        }
    }

    private static Result error(String fork, String code, String message) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putObject("error").put("code", code).put("message", message);
        return new Result(fork, Bytes.utf8(document.toString()));
    }
}
