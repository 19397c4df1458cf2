// Shows what /v1 answers. Nothing here is a secret, and everything that a node says is put in as text.

const REFRESH_MILLIS = 5000;
const RETRY_MILLIS = 3000;
const SETTLE_MILLIS = 500;
const MAX_DEPOSITS = 100;
const GOOD = new Set(["ready", "released", "connected", "this node"]);
const BAD = new Set(["ignored", "refunded", "not connected"]);

const deposits = new Map();
const problems = new Map();
const stale = new Set();
let settling = false;
let lastEventId = "0";

const byId = (id) => document.getElementById(id);

async function get(path) {
  const response = await fetch("/v1/" + path, { headers: { accept: "application/json" } });
  const body = await response.json();
  if (!response.ok) {
    throw new Error(body.code + (body.detail ? ": " + body.detail : ""));
  }
  return body;
}

function element(name, text) {
  const node = document.createElement(name);
  node.textContent = text === undefined || text === null ? "" : String(text);
  return node;
}

function state(text, reason) {
  const label = element("span", reason ? text + ": " + reason : text);
  label.className = "state" + (GOOD.has(text) ? " good" : BAD.has(text) ? " bad" : "");
  return label;
}

function rows(id, list) {
  const body = byId(id);
  const columns = body.parentElement.querySelectorAll("th").length;
  body.replaceChildren(...list.map((cells) => {
    const row = document.createElement("tr");
    for (const cell of cells) {
      const column = document.createElement("td");
      column.append(cell instanceof Node ? cell : element("span", cell));
      row.append(column);
    }
    return row;
  }));
  if (list.length === 0) {
    const nothing = element("td", "none yet");
    nothing.colSpan = columns;
    nothing.className = "empty";
    body.append(element("tr", ""));
    body.lastChild.append(nothing);
  }
}

function terms(id, pairs) {
  byId(id).replaceChildren(...pairs
    .filter(([, value]) => value !== undefined && value !== "")
    .flatMap(([term, value]) => [element("dt", term), element("dd", value)]));
}

function short(hex) {
  return hex && hex.length > 24 ? hex.slice(0, 14) + "…" + hex.slice(-6) : hex;
}

function showNode(node) {
  byId("chain").textContent = node.chainId + (node.height === undefined ? "" : ", height " + node.height);
  terms("node", [
    ["step", node.step + (node.failure ? ": " + node.failure : "")],
    ["platform", node.platform],
    ["measurement", node.release],
    ["itself", node.self ? node.self.verdict + ", grade " + node.self.grade : undefined],
    ["slot", node.slot],
    ["round", node.round],
    ["state root", node.stateRoot],
    ["voting", node.voting === undefined ? undefined : node.voting ? "yes" : "no"],
    ["presignatures", node.presignatures],
  ]);
}

function showNodes(validators, node) {
  const peers = new Map((node.peers || []).map((peer) => [peer.nodeId, peer]));
  rows("nodes", validators.map((validator) => {
    const peer = peers.get(validator.nodeId);
    const channel = validator.slot === node.slot ? "this node" : peer && peer.connected ? "connected" : "not connected";
    const grade = peer && peer.grade ? peer.grade : validator.grade;
    return [validator.slot, short(validator.nodeId), grade, validator.bootCounter, validator.presignatures, state(channel)];
  }));
}

function showShard(shard) {
  terms("shard", [
    ["public key", shard.publicKey || "not generated yet"],
    ["address", shard.address],
    ["signing", shard.threshold + " of " + shard.members + " shares"],
    ["pool", shard.pool + " presignatures, " + shard.pending + " requests wait"],
  ]);
}

function showAssets(network, solvency) {
  const paused = new Map(network.assets.map((asset) => [asset.symbol, asset.paused]));
  rows("assets", solvency.map((one) => [
    one.asset, one.locked, one.minted, one.feesOwed, one.inFlight, one.deficit,
    paused.get(one.asset) ? "paused: " + paused.get(one.asset) : "",
  ]));
  rows("chains", network.chains.map((chain) =>
    [chain.name, chain.tip, chain.observedTip, chain.confirmations, chain.feeRate]));
}

function showDeposits() {
  rows("deposits", [...deposits.values()].reverse().map((deposit) => [
    deposit.outpoint,
    deposit.amount,
    deposit.confirmations + " of " + deposit.required,
    state(deposit.state, deposit.reason),
  ]));
}

async function showTransfers() {
  const transfers = await get("transfers?limit=50");
  rows("transfers", transfers.map((transfer) => [
    short(transfer.id), transfer.asset, transfer.amount, transfer.received, transfer.recipient, state(transfer.state),
  ]));
}

async function refresh() {
  const node = await get("node");
  showNode(node);
  const [validators, shards, network, solvency] =
    await Promise.all([get("validators"), get("shards"), get("network"), get("solvency")]);
  showNodes(validators, node);
  showShard(shards[0]);
  showAssets(network, solvency);
  await showTransfers();
}

/** Puts a text where a reader of the screen is told of every change, and so only when it is another one. */
function announce(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Runs a piece of work and shows what is wrong with it until it has worked again. */
async function attempt(work) {
  try {
    await work();
    problems.delete(work);
  } catch (failure) {
    problems.set(work, failure.message);
  }
  announce(byId("problem"), [...new Set(problems.values())].join("; "));
  byId("problem").hidden = problems.size === 0;
}

/** Runs it once when the news has settled, however much of it came at a time. */
async function later(work) {
  stale.add(work);
  if (settling) {
    return;
  }
  settling = true;
  await pause(SETTLE_MILLIS);
  settling = false;
  const works = [...stale];
  stale.clear();
  works.forEach(attempt);
}

function take(name, data) {
  if (name === "deposit") {
    deposits.delete(data.outpoint);
    deposits.set(data.outpoint, data);
    if (deposits.size > MAX_DEPOSITS) {
      deposits.delete(deposits.keys().next().value);
    }
    later(showDeposits);
  } else if (name === "block") {
    byId("chain").textContent = byId("chain").textContent.replace(/height \d+/, "height " + data.height);
  } else if (name === "transfer") {
    later(showTransfers);
  }
}

/** Server-sent events by fetch: an EventSource cannot ask for what it missed before it was opened. */
async function listen() {
  const response = await fetch("/v1/events", {
    headers: { accept: "text/event-stream", "last-event-id": lastEventId },
  });
  if (!response.ok) {
    throw new Error("the node does not stream events now");
  }
  showLive(true);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const events = (text + value).split("\n\n");
    text = events.pop();
    events.forEach(read);
  }
}

function read(event) {
  const fields = new Map(event.split("\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  if (fields.has("data")) {
    lastEventId = fields.get("id");
    take(fields.get("event"), JSON.parse(fields.get("data")));
  }
}

function showLive(live) {
  announce(byId("live"), live ? "live" : "not connected");
  byId("live").className = live ? "on" : "off";
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function follow() {
  for (;;) {
    await listen().catch(() => {});
    showLive(false);
    await pause(RETRY_MILLIS);
  }
}

async function keepFresh() {
  for (;;) {
    await attempt(refresh);
    await pause(REFRESH_MILLIS);
  }
}

showDeposits();
follow();
keepFresh();
