package io.cloister.mpc.board;

import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * Parameters of the board, written into the state before the first block and the same for ever after. A deadline has
 * passed when both its blocks and its milliseconds of block time have: the time is what counts, the blocks give everybody
 * a few to be heard in after the clock of a chain that stood still has jumped.
 *
 * @param lowMark refill when fewer presignatures are available or being made
 * @param highMark refill up to so many
 * @param batchWidth presignatures in one batch
 * @param maxBatches batches that exist at one time
 * @param batch how long a batch may take until it is available
 * @param request how long an assigned request may take until its presignature is burned
 * @param demand how long a dealer may take to publish a demanded ciphertext
 * @param maxPending requests that wait for a signature at one time
 */
public record BoardParameters(
        int lowMark,
        int highMark,
        int batchWidth,
        int maxBatches,
        Deadline batch,
        Deadline request,
        Deadline demand,
        int maxPending) {

    /** A number of blocks and of milliseconds of block time. */
    public record Deadline(long blocks, long millis) {
        boolean passed(Moment since, Moment now) {
            return now.height() - since.height() >= blocks && now.timeMillis() - since.timeMillis() >= millis;
        }

        void encode(Writer writer) {
            writer.u64(blocks).u64(millis);
        }

        static Deadline decode(Reader reader) {
            return new Deadline(reader.u64(), reader.u64());
        }
    }

    /** @throws CodecException OUT_OF_RANGE for a combination that cannot work */
    public BoardParameters {
        boolean marks = lowMark >= 1 && highMark >= lowMark && highMark <= 4096;
        boolean batches = batchWidth >= 1 && batchWidth <= 64 && maxBatches >= 1 && maxBatches <= 64;
        if (!marks || !batches || maxPending < 1 || maxPending > 1024 || highMark > batchWidth * maxBatches) {
            throw new CodecException(Reason.OUT_OF_RANGE, "board parameters that cannot work together");
        }
    }

    /** A pool of 8 to 16 in batches of 4. With a block each 5 s the blocks of a deadline pass within its time. */
    public static BoardParameters defaults() {
        return new BoardParameters(
                8, 16, 4, 16, new Deadline(10, 60_000), new Deadline(3, 15_000), new Deadline(3, 15_000), 256);
    }

    void encode(Writer writer) {
        writer.u16(lowMark).u16(highMark).u16(batchWidth).u16(maxBatches);
        batch.encode(writer);
        request.encode(writer);
        demand.encode(writer);
        writer.u16(maxPending);
    }

    static BoardParameters decode(Reader reader) {
        return new BoardParameters(
                reader.u16(),
                reader.u16(),
                reader.u16(),
                reader.u16(),
                Deadline.decode(reader),
                Deadline.decode(reader),
                Deadline.decode(reader),
                reader.u16());
    }
}
