package io.cloister.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * Off-heap blocks for secrets, outside the reach of the collector's copying. A block is zeroed when it is released, and
 * by a cleaner when its owner forgot. Small blocks are pooled, because closing a shared arena stops all threads for a
 * moment.
 */
final class SecretMemory implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int POOLED = 64;
    private static final int BLOCKS_IN_A_PAGE = 1024;
    private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

    private final MemorySegment segment;
    private final Cleaner.Cleanable release;
    private boolean closed;

    private SecretMemory(MemorySegment block, int length) {
        this.segment = block.asSlice(0, length);
        this.release = CLEANER.register(this, () -> give(block));
    }

    static SecretMemory allocate(int length) {
        return new SecretMemory(length <= POOLED ? take() : Arena.ofAuto().allocate(length), length);
    }

    int length() {
        return (int) segment.byteSize();
    }

    /** Copies everything out; the caller zeroes the target. */
    synchronized void read(byte[] target) {
        requireOpen();
        MemorySegment.copy(segment, 0, MemorySegment.ofArray(target), 0, segment.byteSize());
    }

    synchronized void write(byte[] source) {
        requireOpen();
        MemorySegment.copy(MemorySegment.ofArray(source), 0, segment, 0, segment.byteSize());
    }

    /** Lends the block itself to a native call; it cannot be released meanwhile. */
    synchronized <T> T use(Function<MemorySegment, T> function) {
        requireOpen();
        return function.apply(segment);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.clean();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the secret is closed");
        }
    }

    private static void give(MemorySegment block) {
        block.fill((byte) 0);
        if (block.byteSize() == POOLED) {
            FREE.add(block);
        }
    }

    private static MemorySegment take() {
        MemorySegment block = FREE.poll();
        if (block != null) {
            return block;
        }
        MemorySegment page = Arena.global().allocate((long) POOLED * BLOCKS_IN_A_PAGE, 64);
        for (int i = 1; i < BLOCKS_IN_A_PAGE; i++) {
            FREE.add(page.asSlice((long) i * POOLED, POOLED));
        }
        return page.asSlice(0, POOLED);
    }
}
