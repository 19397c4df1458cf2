package io.cloister.architecture.seeded.bridge;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Cores that read a clock. */
public final class ClockReaders {
    static final class ByMillis {
        long read() {
            return System.currentTimeMillis();
        }
    }

    static final class ByReferenceToMillis {
        LongSupplier read() {
            return System::currentTimeMillis;
        }
    }

    static final class ByReferenceToNanos {
        LongSupplier read() {
            return System::nanoTime;
        }
    }

    static final class ByInstant {
        Object read() {
            return Instant.now();
        }
    }

    static final class ByReferenceToInstant {
        Supplier<Object> read() {
            return Instant::now;
        }
    }

    static final class ByDate {
        Object read() {
            return new Date();
        }
    }

    static final class ByLocalTime {
        Object read() {
            return LocalDateTime.now();
        }
    }

    static final class ByOffsetTime {
        Object read() {
            return OffsetDateTime.now();
        }
    }

    static final class ByCalendar {
        Object read() {
            return Calendar.getInstance();
        }
    }

    record ByClock(Clock clock) {}

    record BySource(InstantSource source) {}
}
