// The console's form: asks the node for a bundle and checks it here.

import { checkReceipt } from "./receipt.js";

const byId = (id) => document.getElementById(id);

function row({ name, holds, detail }) {
  const line = document.createElement("tr");
  for (const text of [name, holds ? "holds" : "does not hold", detail]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}

async function check() {
  const [validators, height] = byId("receiptanchor").value.split("@");
  const query = new URLSearchParams({ anchor: height });
  const answer = await fetch("/v1/receipts/" + byId("receipthash").value + "?" + query, {
    headers: { accept: "application/json" },
  });
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.code + (body.detail ? ": " + body.detail : ""));
  }
  const findings = await checkReceipt(body, { height: Number(height), validators });
  byId("receiptfindings").replaceChildren(...findings.map(row));
  return findings.every((finding) => finding.holds) ? "accepted" : "rejected";
}

byId("receiptform").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("receiptfindings").replaceChildren();
  byId("receiptverdict").textContent = await check().catch((failure) => failure.message);
});
