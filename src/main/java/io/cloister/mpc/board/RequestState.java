package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import java.util.Optional;

/**
 * A signing request and how far it is.
 *
 * @param sequence order among all requests of the chain
 * @param attempts presignatures it has taken so far
 * @param assignment the one that serves it now
 * @param answer the first ordered signature, its answer for ever
 */
public record RequestState(
        SigningRequest request,
        long sequence,
        int attempts,
        Optional<Assignment> assignment,
        Optional<Signature> answer) {

    RequestState assigned(Assignment taken) {
        return new RequestState(request, sequence, taken.attempt(), Optional.of(taken), answer);
    }

    RequestState burned() {
        return new RequestState(request, sequence, attempts, Optional.empty(), answer);
    }

    RequestState answered(Signature signature) {
        return new RequestState(request, sequence, attempts, assignment, Optional.of(signature));
    }

    void encode(Writer writer) {
        request.encode(writer);
        writer.u64(sequence)
                .u32(attempts)
                .optional(assignment, (w, a) -> a.encode(w))
                .optional(answer, (w, s) -> w.fixed(s.recoverable()));
    }

    static RequestState decode(Reader reader) {
        return new RequestState(
                SigningRequest.decode(reader),
                reader.u64(),
                (int) reader.u32(),
                reader.optional(Assignment::decode),
                reader.optional(r -> Signature.decodeRecoverable(r.fixed(65))));
    }
}
