// Checks a receipt's bundle (docs/receipts.md) with nothing but what browser and Node.js bring: SHA-256 of WebCrypto and
// integers. Numbers of the codec are BigInt throughout.

const P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const Q = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
  z: 1n,
};
const INFINITY = { x: 1n, y: 1n, z: 0n };
const MAX_LINKS = 256;
const MAX_VALIDATORS = 256;
const NAMES = new Set(["receipt", "path", "header", "certificate", "keys", "validators", "anchor", "links", "standing", "evidence"]);
const NONE = "00".repeat(32);
const text = new TextEncoder();

// ---------------------------------------------------------------------------------------------------------- bytes

export function fromHex(hex) {
  if (typeof hex !== "string" || !/^0x([0-9a-f]{2})*$/i.test(hex)) {
    throw new Error("a string that is no hex digits after 0x");
  }
  return Uint8Array.from(hex.slice(2).match(/../g) || [], (pair) => parseInt(pair, 16));
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const integer = (bytes) => BigInt("0x" + (toHex(bytes) || "0"));
const same = (a, b) => toHex(a) === toHex(b);

function join(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function number(value, width) {
  return fromHex("0x" + BigInt(value).toString(16).padStart(2 * width, "0"));
}

const lengthed = (bytes) => join(number(bytes.length, 4), bytes);

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  fixed(length) {
    if (length > this.bytes.length - this.at) {
      throw new Error("bytes are missing");
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  number(width) {
    return integer(this.fixed(width));
  }

  u64() {
    const value = this.number(8);
    if (value >= 1n << 63n) {
      throw new Error("a number that is too great");
    }
    return value;
  }

  string() {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.fixed(Number(this.number(4))));
  }

  list(most, each) {
    const count = this.number(4);
    if (count > BigInt(most)) {
      throw new Error("a list that is too long");
    }
    return Array.from({ length: Number(count) }, () => each(this));
  }

  end() {
    if (this.at !== this.bytes.length) {
      throw new Error("something stands behind the end");
    }
  }
}

function whole(hex, decode) {
  const reader = new Reader(fromHex(hex));
  const value = decode(reader);
  reader.end();
  return value;
}

function rising(slots, what) {
  if (slots.some((slot, i) => slot < 1n || (i > 0 && slot <= slots[i - 1]))) {
    throw new Error(what + " not in rising order of slots");
  }
}

// ------------------------------------------------------------------------------------------------------- secp256k1

const mod = (value, by = P) => ((value % by) + by) % by;

function power(base, exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      result = (result * square) % P;
    }
    square = (square * square) % P;
  }
  return result;
}

function inverse(value, by) {
  let [a, b, x, y] = [mod(value, by), by, 1n, 0n];
  while (b !== 0n) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  return mod(x, by);
}

function doubled({ x, y, z }) {
  const yy = (y * y) % P;
  const s = (4n * x * yy) % P;
  const m = (3n * x * x) % P;
  const x3 = mod(m * m - 2n * s);
  return { x: x3, y: mod(m * (s - x3) - 8n * yy * yy), z: (2n * y * z) % P };
}

function plus(a, b) {
  if (a.z === 0n || b.z === 0n) {
    return a.z === 0n ? b : a;
  }
  const [aa, bb] = [(a.z * a.z) % P, (b.z * b.z) % P];
  const [u1, u2] = [(a.x * bb) % P, (b.x * aa) % P];
  const [s1, s2] = [(((a.y * bb) % P) * b.z) % P, (((b.y * aa) % P) * a.z) % P];
  if (u1 === u2) {
    return s1 === s2 ? doubled(a) : INFINITY;
  }
  const [h, r] = [mod(u2 - u1), mod(s2 - s1)];
  const hh = (h * h) % P;
  const hhh = (hh * h) % P;
  const v = (u1 * hh) % P;
  const x = mod(r * r - hhh - 2n * v);
  return { x, y: mod(r * (v - x) - s1 * hhh), z: (((a.z * b.z) % P) * h) % P };
}

/** Whether 65 bytes r, s, recovery id are this compressed key's signature with low s and the id that gives the key back. */
export function isRecoverable(key, digest, signature) {
  const r = integer(signature.subarray(0, 32));
  const s = integer(signature.subarray(32, 64));
  const id = signature[64];
  const x = id < 2 ? r : r + Q;
  if (signature.length !== 65 || r === 0n || r >= Q || s === 0n || s > Q >> 1n || id > 3 || x >= P) {
    return false;
  }
  const square = (power(x, 3n) + 7n) % P;
  const root = power(square, (P + 1n) >> 2n);
  if ((root * root) % P !== square) {
    return false;
  }
  const nonce = { x, y: (root & 1n) === BigInt(id & 1) ? root : P - root, z: 1n };
  const by = inverse(r, Q);
  const ofG = mod(-integer(digest) * by, Q);
  const ofNonce = mod(s * by, Q);
  const both = plus(G, nonce);
  let sum = INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = doubled(sum);
    const [one, two] = [(ofG >> bit) & 1n, (ofNonce >> bit) & 1n];
    if (one || two) {
      sum = plus(sum, one && two ? both : one ? G : nonce);
    }
  }
  if (sum.z === 0n) {
    return false;
  }
  const z = inverse(sum.z, P);
  const zz = (z * z) % P;
  const y = (sum.y * ((zz * z) % P)) % P;
  return same(key, join(Uint8Array.of(y & 1n ? 3 : 2), number((sum.x * zz) % P, 32)));
}

// --------------------------------------------------------------------------------------------------------- records

function header(reader) {
  const from = reader.at;
  const read = {
    chainId: reader.string(), epoch: reader.u64(), height: reader.u64(), round: reader.number(4), time: reader.u64(),
  };
  for (const name of ["parent", "commit", "opening", "transactionsRoot", "receiptsRoot", "stateRoot", "validators", "next"]) {
    read[name] = reader.fixed(32);
  }
  rising(reader.list(MAX_VALIDATORS, (r) => r.number(2)), "absent slots");
  reader.fixed(33);
  read.encoded = reader.bytes.subarray(from, reader.at);
  return read;
}

function certificate(reader) {
  const read = {
    epoch: reader.u64(), height: reader.u64(), round: reader.number(4), blockId: reader.fixed(32),
    signatures: reader.list(MAX_VALIDATORS, (r) => ({ slot: r.number(2), signature: r.fixed(65) })),
  };
  rising(read.signatures.map((it) => it.slot), "signatures");
  return read;
}

function claim(reader) {
  const from = reader.at;
  const read = {
    chainId: reader.string(), fromEpoch: reader.u64(), recovery: reader.u64(), slot: reader.number(2),
    voteKey: reader.fixed(33), boot: reader.u64(),
  };
  const hashes = [reader.fixed(32), reader.fixed(32), reader.fixed(32)];
  const unsigned = reader.bytes.subarray(from, reader.at);
  if (read.recovery <= read.fromEpoch) {
    throw new Error("a recovery that is not after its epoch");
  }
  return { ...read, hashes, unsigned, signature: reader.fixed(65) };
}

const claims = (reader) => reader.list(MAX_VALIDATORS, claim);

function certified(reader) {
  return { header: header(reader), certificate: certificate(reader), keys: claims(reader) };
}

function encodeSet(list) {
  return join(number(list.length, 4), ...list.map((it) =>
    join(number(it.slot, 2), it.nodeId, it.voteKey, number(it.weight, 8), number(it.boot, 8))));
}

async function validatorSet(list) {
  rising(list.map((it) => it.slot), "validators");
  const keys = new Set(list.flatMap((it) => ["n" + toHex(it.nodeId), "v" + toHex(it.voteKey)]));
  if (list.length === 0 || keys.size !== 2 * list.length || list.some((it) => it.weight < 1n || it.weight > 1n << 40n)) {
    throw new Error("no set of validators");
  }
  return {
    list,
    hash: await sha256(text.encode("cloister/validators/v1"), encodeSet(list)),
    bySlot: (slot) => list.find((it) => it.slot === slot),
    isQuorum: (weight) => 3n * weight > 2n * list.reduce((sum, it) => sum + it.weight, 0n),
  };
}

function validators(hex) {
  return validatorSet(whole(hex, (reader) => reader.list(MAX_VALIDATORS, (r) => (
    { slot: r.number(2), nodeId: r.fixed(33), voteKey: r.fixed(33), weight: r.u64(), boot: r.u64() }))));
}

function path(reader) {
  const read = { index: reader.u64(), size: reader.u64(), siblings: reader.list(63, (r) => r.fixed(32)) };
  if (read.index >= read.size) {
    throw new Error("no such leaf");
  }
  return read;
}

/** RFC 9162, 2.1.3.2. */
async function leads(way, leaf, root) {
  let [position, last] = [way.index, way.size - 1n];
  let hash = await sha256(Uint8Array.of(0), leaf);
  for (const sibling of way.siblings) {
    if (last === 0n) {
      return false;
    }
    if ((position & 1n) === 1n || position === last) {
      hash = await sha256(Uint8Array.of(1), sibling, hash);
      while ((position & 1n) === 0n && position !== 0n) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(hash, root);
}

function stateProof(reader) {
  return {
    key: reader.fixed(Number(reader.number(4))),
    value: reader.fixed(Number(reader.number(4))),
    steps: reader.list(4096, (r) => ({ bit: Number(r.number(4)), sibling: r.fixed(32) })),
  };
}

/** A key as bits: a one before each byte, and a zero bit at the end. */
function bitOf(key, bit) {
  const [byte, place] = [Math.floor(bit / 9), bit % 9];
  return byte < key.length && (place === 0 || ((key[byte] >> (8 - place)) & 1) === 1);
}

async function isInState(proof, root) {
  let hash = await sha256(Uint8Array.of(0), lengthed(proof.key), await sha256(proof.value));
  let below = 0x7fffffff;
  for (const { bit, sibling } of proof.steps) {
    if (bit >= below) {
      return false;
    }
    below = bit;
    const sides = bitOf(proof.key, bit) ? [sibling, hash] : [hash, sibling];
    hash = await sha256(Uint8Array.of(1), number(bit, 4), ...sides);
  }
  return same(hash, root);
}

function entry(reader) {
  const label = text.encode("cloister/validator-history/v1");
  const from = reader.at;
  if (!same(reader.fixed(label.length), label)) {
    throw new Error("no entry of the validators' history");
  }
  const read = { index: reader.u64(), height: reader.u64(), epoch: reader.u64(), hash: reader.fixed(32) };
  return { ...read, encoded: reader.bytes.subarray(from, reader.at) };
}

function receipt(reader) {
  const from = reader.at;
  if (reader.string() !== "cloister/receipt/v1") {
    throw new Error("no receipt");
  }
  const read = { height: reader.u64(), index: reader.number(4), transaction: reader.fixed(Number(reader.number(4))) };
  reader.fixed(2);
  read.code = reader.string();
  read.events = reader.list(4096, (r) => ({ name: r.string(), data: r.fixed(Number(r.number(4))) }));
  return { ...read, encoded: reader.bytes.subarray(from, reader.at) };
}

function optional(reader, each) {
  const flag = reader.number(1);
  if (flag > 1n) {
    throw new Error("neither there nor not there");
  }
  return flag === 1n ? each(reader) : null;
}

/** Each part is signed by its hash in the claim. */
function statement(reader) {
  const read = { claim: claim(reader), evidence: reader.fixed(Number(reader.number(4))) };
  let from = reader.at;
  const base = optional(reader, certified);
  read.base = reader.bytes.subarray(from, reader.at);
  from = reader.at;
  optional(reader, heldPolka);
  read.polka = reader.bytes.subarray(from, reader.at);
  read.baseHeight = base === null ? 0n : base.header.height;
  return read;
}

function heldPolka(reader) {
  reader.u64();
  header(reader);
  reader.number(4);
  reader.fixed(32);
  reader.list(MAX_VALIDATORS, (r) => [r.number(2), r.number(4), r.fixed(65)]);
  claims(reader);
}

async function opening(hex) {
  const reader = new Reader(fromHex(hex));
  const statements = reader.list(MAX_VALIDATORS, statement);
  const hash = await sha256(text.encode("cloister/opening/v1"), reader.bytes.subarray(0, reader.at));
  reader.fixed(65);
  reader.end();
  rising(statements.map((it) => it.claim.slot), "statements");
  for (const it of statements) {
    const hashes = [await sha256(it.evidence), await sha256(it.base), await sha256(it.polka)];
    if (hashes.some((each, i) => !same(each, it.claim.hashes[i])) || it.claim.recovery !== statements[0].claim.recovery) {
      throw new Error("a statement with other parts than it signs");
    }
  }
  return {
    hash,
    epoch: statements[0].claim.recovery,
    baseHeight: statements.reduce((most, it) => (it.baseHeight > most ? it.baseHeight : most), 0n),
    claims: statements.map((it) => it.claim),
  };
}

// ---------------------------------------------------------------------------------------------------------- checks

function require(holds, flaw) {
  if (!holds) {
    throw new Error(flaw);
  }
}

/** The set with the claimed keys in the place of those of the same slots. */
async function claimed(set, chainId, recovery, list) {
  for (const it of list) {
    require(it.chainId === chainId && it.recovery === recovery, "a claim of another chain or recovery");
    const old = set.bySlot(it.slot);
    if (old) {
      const known = it.boot > old.boot || (it.boot === old.boot && same(it.voteKey, old.voteKey));
      const digest = await sha256(text.encode("cloister/recovery/v1"), it.unsigned);
      require(known && isRecoverable(old.nodeId, digest, it.signature), "a claim that its slot did not sign");
    }
  }
  require(new Set(list.map((it) => it.slot)).size === list.length, "a claim stands twice");
  const renewed = set.list.map((old) => {
    const it = list.find((each) => each.slot === old.slot);
    return it && it.boot > old.boot ? { ...old, voteKey: it.voteKey, boot: it.boot } : old;
  });
  require(new Set(renewed.map((it) => toHex(it.voteKey))).size === renewed.length, "a key of another slot");
  return validatorSet(renewed);
}

/** Whether the set decided the header. */
async function requireCertified({ header: head, certificate: proof, keys }, set) {
  require(proof.epoch >= head.epoch, "OTHER_EPOCH");
  require(same(set.hash, head.validators), "OTHER_VALIDATORS");
  const voters = proof.epoch === head.epoch ? set : await claimed(set, head.chainId, proof.epoch, keys);
  require(proof.height === head.height, "OTHER_HEIGHT");
  require(same(proof.blockId, await sha256(text.encode("cloister/header/v1"), head.encoded)), "OTHER_BLOCK");
  const signers = proof.signatures.map((it) => voters.bySlot(it.slot));
  require(signers.every(Boolean), "UNKNOWN_SLOT");
  require(voters.isQuorum(signers.reduce((sum, it) => sum + it.weight, 0n)), "NO_QUORUM");
  const digest = await sha256(
    text.encode("cloister/vote/v1"), lengthed(text.encode(head.chainId)), number(proof.epoch, 8), number(proof.height, 8),
    number(proof.round, 4), Uint8Array.of(2, 1), proof.blockId, Uint8Array.of(0));
  const genuine = proof.signatures.every((it, i) => isRecoverable(signers[i].voteKey, digest, it.signature));
  require(genuine, "BAD_SIGNATURE");
}

async function opened(set, head, epoch, hex) {
  const it = await opening(hex);
  require(it.epoch === head.epoch && head.epoch > epoch && same(it.hash, head.opening) && it.baseHeight < head.height,
    "an opening that does not follow");
  const weight = it.claims.reduce((sum, each) => sum + (set.bySlot(each.slot)?.weight ?? 0n), 0n);
  require(set.isQuorum(weight), "an opening of too few");
  return claimed(set, head.chainId, it.epoch, it.claims);
}

function read(bundle) {
  if (!Object.keys(bundle).every((name) => NAMES.has(name))) {
    throw new Error("a field that has no place here");
  }
  const links = bundle.links ?? [];
  if (links.length > MAX_LINKS) {
    throw new Error("too many links");
  }
  return {
    receipt: whole(bundle.receipt, receipt),
    path: whole(bundle.path, path),
    block: {
      header: whole(bundle.header, header),
      certificate: whole(bundle.certificate, certificate),
      keys: bundle.keys === undefined ? [] : whole(bundle.keys, claims),
    },
    links: links.map((link) => ({ ...link, certified: whole(link.header, certified) })),
  };
}

/** Certified headers of one chain, each above the one before and of no earlier epoch. */
function follow(chainId, at, { header: head }) {
  require(head.chainId === chainId, "another chain");
  require(head.height >= at.height && head.epoch >= at.epoch, "height " + head.height + " does not follow");
}

async function throughLinks(parts, start, at) {
  let set = start;
  for (const link of parts.links) {
    const head = link.certified.header;
    const deciding = link.opening === undefined ? set : await opened(set, head, at.epoch, link.opening);
    require(link.opening !== undefined || toHex(head.opening) === NONE, "an opening is missing");
    follow(parts.block.header.chainId, at, link.certified);
    await requireCertified(link.certified, deciding);
    set = await validators(link.next);
    require(same(set.hash, head.next), "height " + head.height + " names another next set");
    at.height = head.height + 1n;
    at.epoch = head.epoch;
  }
  return set;
}

async function logged(raw, size, root) {
  const [it, way] = [whole(raw.entry, entry), whole(raw.path, path)];
  require(way.size === size && way.index === it.index && await leads(way, it.encoded, root), "no entry of this history");
  return it;
}

async function throughStanding(standing, set, at, parts) {
  const top = whole(standing.header, certified);
  follow(parts.block.header.chainId, parts.links.length === 0 ? { height: 0n, epoch: at.epoch } : at, top);
  await requireCertified(top, set);
  const history = whole(standing.history, stateProof);
  const ours = same(history.key, join(Uint8Array.of(0), text.encode("history")));
  require(ours && await isInState(history, top.header.stateRoot), "the history is not the state's");
  const reader = new Reader(history.value);
  const [size, root] = [reader.u64(), reader.fixed(32)];
  const head = parts.block.header;
  const it = await logged(standing.at, size, root);
  const inForce = it.epoch === head.epoch && it.height <= head.height && head.height <= top.header.height
    && same(it.hash, head.validators);
  require(inForce, "the set was not in force at the receipt's block");
  if (standing.after === undefined) {
    require(size - 1n === it.index, "the entry behind is missing");
  } else {
    const after = await logged(standing.after, size, root);
    const later = after.epoch !== head.epoch ? after.epoch > head.epoch : after.height > head.height;
    require(after.index === it.index + 1n && later, "a later entry was in force");
  }
}

async function digests(standing, set) {
  const found = [];
  const root = standing ? whole(standing.header, certified).header.stateRoot : undefined;
  const label = join(Uint8Array.of(1), text.encode("member/"));
  for (const raw of standing?.members ?? []) {
    const proof = whole(raw, stateProof);
    require(same(proof.key.subarray(0, label.length), label) && await isInState(proof, root), "a member that is not in the state");
    const reader = new Reader(proof.value);
    const slot = reader.number(2);
    reader.fixed(33);
    const voteKey = reader.fixed(33);
    reader.fixed(66 + 16);
    const grade = reader.string();
    const digest = reader.fixed(32);
    reader.end();
    const validator = set.bySlot(slot);
    if (validator && same(validator.voteKey, voteKey)) {
      found.push(slot + "=" + grade + " 0x" + toHex(digest));
    }
  }
  return found;
}

/**
 * What a bundle proves to somebody who trusts the anchor; stops at the first finding that does not hold.
 *
 * @param bundle the parsed JSON
 * @param anchor {height, validators}: a number and 0x with the hash of the set that decides that height
 */
export async function checkReceipt(bundle, anchor) {
  const parts = read(bundle);
  const set = await validators(bundle.validators);
  const start = bundle.anchor ? await validators(bundle.anchor.validators) : set;
  const startHeight = bundle.anchor ? bundle.anchor.height : Number(parts.block.header.height);
  const at = { height: BigInt(anchor.height), epoch: 0n };
  const head = parts.block.header;
  let trusted = start;
  const steps = {
    receipt: async () => {
      const placed = parts.receipt.height === head.height && parts.path.index === parts.receipt.index;
      require(placed && await leads(parts.path, parts.receipt.encoded, head.receiptsRoot),
        "the path does not lead to the header's receipts root");
      return "leaf " + parts.path.index + " of block " + head.height;
    },
    anchor: async () => {
      const trustedHere = startHeight === anchor.height && same(start.hash, fromHex(anchor.validators));
      require(trustedHere, "the bundle starts at 0x" + toHex(start.hash) + "@" + startHeight);
      const blocks = head.height - BigInt(anchor.height);
      return (blocks < 0n ? -blocks + " blocks newer" : blocks + " blocks older") + " than the receipt, which is of "
        + new Date(Number(head.time)).toISOString();
    },
    links: async () => {
      trusted = await throughLinks(parts, start, at);
      return parts.links.length + " changes of the validators";
    },
    validators: async () => {
      if (bundle.standing !== undefined) {
        await throughStanding(bundle.standing, trusted, at, parts);
        return "in force at the receipt's block";
      }
      const follows = parts.links.length === 0 || (head.height >= at.height && head.epoch >= at.epoch);
      require(follows && same(trusted.hash, head.validators), "the links do not lead to the header's set");
      return "the set of the block";
    },
    certificate: async () => {
      await requireCertified(parts.block, set);
      return parts.block.certificate.signatures.length + " of " + set.list.length + " validators signed";
    },
    attestation: async () => "evidence on record: " + (await digests(bundle.standing, set)).join(", "),
  };
  const findings = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      findings.push({ name, holds: true, detail: await step() });
    } catch (flaw) {
      findings.push({ name, holds: false, detail: flaw.message });
      break;
    }
  }
  return findings;
}
