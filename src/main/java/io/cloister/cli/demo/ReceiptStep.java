package io.cloister.cli.demo;

import io.cloister.cli.NodeClient.Attested;
import io.cloister.cli.Policies;
import io.cloister.cli.ReceiptFile;
import io.cloister.client.model.ReceiptProof;
import io.cloister.codec.Bytes;
import io.cloister.ledger.receipt.ValidatorEvidence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The mint's receipt, verified without a network by the command that anybody can run. */
final class ReceiptStep implements Step {
    @Override
    public String title() {
        return "the mint's receipt, verified offline";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        ReceiptProof proof = demo.node(0).chain().getReceipt(demo.mintReceipt(), null);
        List<ValidatorEvidence> evidence = new ArrayList<>();
        for (NodeProcess node : demo.nodes()) {
            Attested attested = node.client().attest(Policies.read(demo.policyFile()));
            evidence.add(new ValidatorEvidence(attested.nonce(), attested.evidence()));
        }
        Path file = demo.workspace().folder().resolve("mint-receipt.json");
        new ReceiptFile(
                        io.cloister.ledger.receipt.ReceiptProof.decode(
                                Bytes.hex(proof.getReceipt()),
                                Bytes.hex(proof.getPath()),
                                Bytes.hex(proof.getHeader()),
                                Bytes.hex(proof.getCertificate()),
                                Bytes.hex(proof.getValidators())),
                        evidence)
                .write(file);
        ProcessBuilder command = new ProcessBuilder(
                        demo.options().home().resolve("cloister").toString(),
                        "verify",
                        "receipt",
                        file.toString(),
                        "--policy",
                        demo.policyFile().toString())
                .redirectErrorStream(true);
        command.environment().put("CLOISTER_BUILD", "skip");
        Process verify = command.start();
        String output = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        CheckFailed.unless(
                verify.waitFor(60, TimeUnit.SECONDS) && verify.exitValue() == 0,
                "./cloister verify receipt says: " + output);
        output.lines().filter(l -> l.contains("passed")).forEach(l -> progress.checked(l.strip()));
        progress.note("./cloister verify receipt " + file + " --policy " + demo.policyFile());
    }
}
