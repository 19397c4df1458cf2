package io.cloister.attestation;

import io.cloister.attestation.Policy.GuestRules;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Changes one thing about a policy at a time. */
public final class Policies {
    private final String name;
    private SortedSet<Bytes> measurements;
    private final SortedSet<ProductLine> lines;
    private final SortedMap<ProductLine, Tcb> minimum;
    private GuestRules guest;
    private int maximumVmpl;
    private final SortedMap<Bytes, Custody> custody;
    private SortedSet<Bytes> testRoots;

    private Policies(Policy base) {
        this.name = base.name();
        this.measurements = new TreeSet<>(base.measurements());
        this.lines = new TreeSet<>(base.productLines());
        this.minimum = new TreeMap<>(base.minimumTcb());
        this.guest = base.guest();
        this.maximumVmpl = base.maximumVmpl();
        this.custody = new TreeMap<>(base.custody());
        this.testRoots = new TreeSet<>(base.testRoots());
    }

    public static Policies with(Policy base) {
        return new Policies(base);
    }

    public Policies measurements(Bytes... allowed) {
        measurements = new TreeSet<>(List.of(allowed));
        return this;
    }

    public Policies productLine(ProductLine line, Tcb least) {
        lines.add(line);
        minimum.put(line, least);
        return this;
    }

    public Policies withoutProductLine(ProductLine line) {
        lines.remove(line);
        return this;
    }

    public Policies withoutMinimumTcb(ProductLine line) {
        minimum.remove(line);
        return this;
    }

    public Policies guest(GuestRules rules) {
        guest = rules;
        return this;
    }

    public Policies maximumVmpl(int vmpl) {
        maximumVmpl = vmpl;
        return this;
    }

    public Policies custody(Bytes chip, Custody who) {
        custody.put(chip, who);
        return this;
    }

    public Policies testRoots(Bytes... roots) {
        testRoots = new TreeSet<>(List.of(roots));
        return this;
    }

    public Policy build() {
        return new Policy(name, measurements, lines, minimum, guest, maximumVmpl, custody, testRoots);
    }
}
