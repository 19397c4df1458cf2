package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One server that gives bytes by GET, and throttles. A pause that it asks for holds for all requests. Blocks its
 * caller, for the total wait at most.
 */
final class Remote implements AutoCloseable {
    /** The longest pause that is believed. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final String base;
    private final CollateralSettings.Limits limits;
    private final InstantSource clock;
    private final Map<String, String> headers;
    private final HttpClient client;
    private final Semaphore permits;
    private final long origin = System.nanoTime();
    private final AtomicLong quietUntil = new AtomicLong();

    Remote(
            URI base,
            CollateralSettings.Limits limits,
            InstantSource clock,
            Map<String, String> headers,
            ProxySelector proxy) {
        this.base = RemoteBase.check(base);
        this.limits = limits;
        this.clock = clock;
        this.headers = headers;
        this.permits = new Semaphore(limits.parallel(), true);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limits.requestTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxy)
                .build();
    }

    /** The body at a path; asked again after a pause while the server answers 429 or 503. */
    byte[] get(String path, int maxSize) throws MissException, InterruptedException {
        Deadline deadline = Deadline.in(limits.totalWait());
        Duration delay = limits.firstDelay();
        boolean throttled = false;
        while (true) {
            waitForQuietEnd(deadline);
            HttpResponse<byte[]> response;
            try {
                response = ask(path, maxSize, deadline);
            } catch (MissException e) {
                throw throttled && deadline.left().isZero()
                        ? new MissException(Reason.THROTTLED, "the server throttled until no time was left")
                        : e;
            }
            switch (response.statusCode()) {
                case 200 -> {
                    return response.body();
                }
                case 404 -> throw new MissException(Reason.ABSENT, "404 for " + path);
                case 429, 503 -> {
                    throttled = true;
                    beQuiet(pause(response).orElse(spread(delay)));
                    delay = Deadline.shorter(delay.multipliedBy(2), limits.longestDelay());
                }
                default -> throw new MissException(Reason.REFUSED, response.statusCode() + " for " + path);
            }
        }
    }

    private void waitForQuietEnd(Deadline deadline) throws MissException, InterruptedException {
        Duration quiet = Duration.ofNanos(quietUntil.get() - (System.nanoTime() - origin));
        if (quiet.compareTo(deadline.left()) > 0) {
            throw new MissException(Reason.THROTTLED, "the server wants a pause of " + quiet.toSeconds() + " s");
        }
        if (quiet.isPositive()) {
            Thread.sleep(quiet);
        }
    }

    private void beQuiet(Duration pause) {
        long until = System.nanoTime()
                - origin
                + Deadline.shorter(pause, LONGEST_PAUSE).toNanos();
        quietUntil.accumulateAndGet(until, Math::max);
    }

    /** A quarter more or less, so that nodes that start together do not come back together. */
    private static Duration spread(Duration delay) {
        return delay.multipliedBy(ThreadLocalRandom.current().nextInt(75, 126)).dividedBy(100);
    }

    private HttpResponse<byte[]> ask(String path, int maxSize, Deadline deadline)
            throws MissException, InterruptedException {
        if (!permits.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new MissException(Reason.THROTTLED, "other requests to the server take all the time");
        }
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + path)).GET();
            headers.forEach(request::header);
            return await(
                    client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxSize)),
                    Deadline.shorter(limits.requestTimeout(), deadline.left()));
        } finally {
            permits.release();
        }
    }

    /** The request's own timeout would end with the headers; this one is for the whole answer. */
    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> pending, Duration within)
            throws MissException, InterruptedException {
        try {
            return pending.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new MissException(Reason.TIMED_OUT, "no whole answer within " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new MissException(
                    Reason.UNREACHABLE, (cause instanceof IOException ? "no whole answer: " : "no request: ") + cause);
        } finally {
            pending.cancel(true);
        }
    }

    private Optional<Duration> pause(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").map(String::strip).flatMap(text -> {
            if (text.matches("[0-9]{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration pause = Duration.between(clock.instant(), until);
                return pause.isNegative() ? Optional.empty() : Optional.of(pause);
            } catch (DateTimeException | ArithmeticException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
