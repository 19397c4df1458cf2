// Compiles contracts/*.sol with the pinned compiler and writes one artifact for each file that has a contract of its name.
//   node compile.mjs            writes ../resources/contracts/*.json
//   node compile.mjs --check    compares with what is there; exit 1 names the first difference
//   node compile.mjs --out DIR  writes elsewhere
// sourceHash = SHA-256 over settings.json, package.json and contracts/*.sol in name order, each as
// u32be(length of name) name u32be(length of content) content. It can be recomputed without a compiler.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const argument = process.argv.indexOf('--out');
const target = argument > 0 ? path.resolve(process.argv[argument + 1]) : path.join(here, '../resources/contracts');
const check = process.argv.includes('--check');

const own = fs.readdirSync(path.join(here, 'contracts')).filter((name) => name.endsWith('.sol')).sort();
const read = (name) => fs.readFileSync(path.join(here, name), 'utf8');

function sourceHash() {
  const hash = crypto.createHash('sha256');
  const part = (buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(buffer.length);
    hash.update(length).update(buffer);
  };
  for (const name of ['settings.json', 'package.json', ...own.map((file) => `contracts/${file}`)]) {
    part(Buffer.from(name));
    part(fs.readFileSync(path.join(here, name)));
  }
  return hash.digest('hex');
}

function compile() {
  const solc = createRequire(import.meta.url)('solc');
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(own.map((file) => [`contracts/${file}`, { content: read(`contracts/${file}`) }])),
    settings: JSON.parse(read('settings.json')),
  };
  const find = (name) => {
    try {
      return { contents: read(name.startsWith('@') ? path.join('node_modules', name) : name) };
    } catch (problem) {
      return { error: problem.message };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
  const problems = output.errors ?? [];
  problems.forEach((problem) => console.error(problem.formattedMessage));
  if (problems.length > 0) process.exit(1);
  return { version: solc.version(), contracts: output.contracts };
}

const { version, contracts } = compile();
const hash = sourceHash();
fs.mkdirSync(target, { recursive: true });
for (const file of own) {
  const name = path.basename(file, '.sol');
  const contract = contracts[`contracts/${file}`]?.[name];
  if (!contract) continue;
  const artifact = {
    contract: name,
    compiler: version,
    sourceHash: hash,
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
  };
  const text = `${JSON.stringify(artifact, null, 2)}\n`;
  const place = path.join(target, `${name}.json`);
  if (!check) {
    fs.writeFileSync(place, text);
    console.log(`${name}: ${artifact.bytecode.length / 2 - 1} bytes`);
  } else if (!fs.existsSync(place) || fs.readFileSync(place, 'utf8') !== text) {
    console.error(`${name}.json is not what these sources compile to; run: npm run compile`);
    process.exit(1);
  }
}
