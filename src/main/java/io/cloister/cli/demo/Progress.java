package io.cloister.cli.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What the user sees: a line for each step and each thing checked, and a sign of life while something takes long. */
final class Progress implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final PrintStream out;
    private final Stop stop;
    private final long begin = System.nanoTime();
    private final List<String> summary = new ArrayList<>();
    private final List<Double> steps = new ArrayList<>();
    private final Thread pulse;
    private long lastLine = System.nanoTime();
    private long stepBegin = begin;
    private String waitingFor = "";
    private int checked;

    /** @param stop nothing is said once it is requested */
    Progress(PrintStream out, Stop stop) {
        this.out = out;
        this.stop = stop;
        this.pulse = Thread.ofPlatform().daemon().name("progress").start(this::pulse);
    }

    synchronized void step(int number, int of, String title) {
        stepBegin = System.nanoTime();
        waitingFor = title;
        line(String.format(Locale.ROOT, "[%d/%d] %s", number, of, title));
    }

    /** Something was checked and holds. */
    synchronized void checked(String what) {
        checked++;
        line("      ok  " + what);
    }

    /** Something worth knowing that is no check. */
    synchronized void note(String what) {
        line("          " + what);
    }

    /** What a long wait is for; said again and again while it lasts. */
    synchronized void waiting(String what) {
        if (!Objects.equals(waitingFor, what)) {
            waitingFor = what;
        }
    }

    synchronized void stepDone(int number, String title) {
        double took = seconds(stepBegin);
        steps.add(took);
        summary.add(String.format(Locale.ROOT, "  %d  %-56s %6.1f s", number, title, took));
        waitingFor = "";
    }

    /** Time taken by the steps from one to another, both included, against what they may take when nothing is built. */
    synchronized void budget(String what, int from, int to, int seconds) {
        if (steps.size() >= to) {
            double took =
                    steps.subList(from - 1, to).stream().mapToDouble(d -> d).sum();
            summary.add(String.format(Locale.ROOT, "     %-56s %6.1f s of %d s", what, took, seconds));
        }
    }

    synchronized void summary(String verdict) {
        waitingFor = "";
        if (stop.requested()) {
            return;
        }
        out.println();
        summary.forEach(out::println);
        out.printf(Locale.ROOT, "%s: %d checks in %.1f s%n", verdict, checked, seconds(begin));
    }

    private void line(String text) {
        if (!stop.requested()) {
            out.println(text);
        }
        lastLine = System.nanoTime();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private void pulse() {
        try {
            while (true) {
                Thread.sleep(500);
                synchronized (this) {
                    boolean silent = System.nanoTime() - lastLine > SILENCE.toNanos();
                    if (silent && !waitingFor.isEmpty()) {
                        line(String.format(Locale.ROOT, "      ..  %s (%.0f s)", waitingFor, seconds(stepBegin)));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        pulse.interrupt();
    }
}
