package io.cloister.ledger.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.attestation.StrictJson;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** The one JSON form of statements: members sorted by name, bytes as hexadecimal behind {@code 0x}. */
final class StatementJson {
    static final String FORMAT = "cloister/network-statement/v1";

    private StatementJson() {}

    record Document(
            String format,
            String chainId,
            long height,
            String blockId,
            String time,
            long epoch,
            String validatorsHash,
            PolicyDocument policy,
            WeightDocument weight,
            List<LineDocument> validators) {}

    record PolicyDocument(String name, String digest) {}

    /** Attested weight, whole and by grade, release, kind, custody and product line. */
    record WeightDocument(
            long total,
            long attested,
            boolean quorum,
            SortedMap<String, Long> grades,
            SortedMap<String, Long> releases,
            SortedMap<String, Long> kinds,
            SortedMap<String, Long> custody,
            SortedMap<String, Long> productLines) {}

    record LineDocument(
            int slot,
            String nodeId,
            String voteKey,
            long weight,
            boolean attested,
            long bootCounter,
            String grade,
            String release,
            String kind,
            String custody,
            String productLine,
            String leaf,
            String evidence,
            List<String> reasons) {
        static LineDocument of(ValidatorLine line) {
            return new LineDocument(
                    line.slot(),
                    line.nodeId().to0x(),
                    line.voteKey().to0x(),
                    line.weight(),
                    line.attested(),
                    line.bootCounter(),
                    line.grade(),
                    line.release(),
                    line.kind(),
                    line.custody(),
                    line.productLine(),
                    line.leaf(),
                    line.evidence(),
                    line.reasons());
        }
    }

    static String write(NetworkStatement statement) {
        Document document = new Document(
                FORMAT,
                statement.header().chainId(),
                statement.header().height(),
                statement.header().id().to0x(),
                Instant.ofEpochMilli(statement.header().timeMillis()).toString(),
                statement.header().epoch(),
                statement.header().validatorsHash().to0x(),
                new PolicyDocument(
                        statement.policy().name(), statement.policy().digest().to0x()),
                new WeightDocument(
                        statement.totalWeight(),
                        statement.attestedWeight(),
                        statement.quorum(),
                        statement.weightBy(ValidatorLine::grade),
                        statement.weightBy(ValidatorLine::release),
                        statement.weightBy(ValidatorLine::kind),
                        statement.weightBy(ValidatorLine::custody),
                        statement.weightBy(ValidatorLine::productLine)),
                statement.validators().stream().map(LineDocument::of).toList());
        try {
            return StrictJson.MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records always have a JSON form", e);
        }
    }
}
