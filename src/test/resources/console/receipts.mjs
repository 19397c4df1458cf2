// node receipts.mjs RECEIPT_JS CASES: prints for each case the first finding that does not hold, "" for none, as JSON.
import fs from "node:fs";

const source = fs.readFileSync(process.argv[2]).toString("base64");
const { checkReceipt } = await import("data:text/javascript;base64," + source);
const said = [];
for (const { bundle, anchor } of JSON.parse(fs.readFileSync(process.argv[3], "utf8"))) {
  const findings = await checkReceipt(bundle, anchor);
  const first = findings.find((finding) => !finding.holds);
  said.push({ fails: first ? first.name : "", detail: (first ?? findings.at(-1)).detail });
}
console.log(JSON.stringify(said));
