// Runs the console over a page of stubs: replays news to it, and prints what it asked for and showed as JSON.
import { readFileSync } from "node:fs";

const EVENTS = 2000;
const asked = {};
const elements = new Map();

class Node {
  constructor() {
    this.children = [];
    this.textContent = "";
  }

  get parentElement() {
    return { querySelectorAll: () => [] };
  }

  get lastChild() {
    return this.children.at(-1);
  }

  append(...more) {
    this.children.push(...more);
  }

  replaceChildren(...all) {
    this.children = all;
  }

  get text() {
    return this.textContent + this.children.map((child) => child.text).join(" ");
  }
}

globalThis.Node = Node;
globalThis.document = {
  createElement: () => new Node(),
  getElementById: (id) => {
    if (!elements.has(id)) {
      elements.set(id, new Node());
    }
    return elements.get(id);
  },
};

const answers = {
  node: { chainId: "test", step: "READY", slot: 1 },
  network: { assets: [], chains: [] },
  shards: [{ threshold: 2, members: 4, pool: 0, pending: 0 }],
};

function news(id) {
  const refused = { outpoint: "a:0", amount: "7", confirmations: 6, required: 6, state: "ignored", reason: "amount-below-minimum" };
  const kind = ["transfer", "deposit"][id % 2];
  return "id: " + id + "\nevent: " + kind + "\ndata: " + JSON.stringify(kind === "deposit" ? refused : {}) + "\n\n";
}

globalThis.fetch = async (path) => {
  asked[path] = (asked[path] ?? 0) + 1;
  if (path === "/v1/events") {
    const text = Array.from({ length: EVENTS }, (_, i) => news(i + 1)).join("");
    return new Response(new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode(text)) }));
  }
  return new Response(JSON.stringify(answers[path.slice("/v1/".length)] ?? []));
};

const code = readFileSync(process.argv[2], "utf8");
await import("data:text/javascript," + encodeURIComponent(code));
setTimeout(() => {
  process.stdout.write(JSON.stringify({ asked, deposits: elements.get("deposits").text }));
  process.exit(0);
}, 2000);
