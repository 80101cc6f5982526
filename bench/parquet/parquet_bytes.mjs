// What the same events take as Parquet + zstd, as DuckDB writes it: bytes per event.
//   tally-corpus --count 1000000 > corpus.jsonl
//   npm ci && node parquet_bytes.mjs corpus.jsonl
// Metadata as a typed STRUCT (the bar for segments is 0.75 of that), and as JSON text.
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [input] = process.argv.slice(2);
if (input === undefined) {
  console.error('usage: node parquet_bytes.mjs CORPUS.jsonl');
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), 'parquet-'));
const quoted = (path) => `'${path.replaceAll("'", "''")}'`;
const read = `read_json(${quoted(input)}, format = 'newline_delimited', sample_size = -1)`;
const typed = 'CAST("timestamp" AS TIMESTAMP) AS "timestamp"';
const selections = {
  'metadata as a typed STRUCT': `SELECT * REPLACE (${typed}) FROM ${read}`,
  'metadata as JSON text': `SELECT * REPLACE (${typed}, CAST(metadata AS JSON) AS metadata) FROM ${read}`,
};

const connection = await (await DuckDBInstance.create()).connect();
await connection.run('SET threads = 1');
const rows = await connection.runAndReadAll(`SELECT count(*) FROM ${read}`);
const events = Number(rows.getRows()[0][0]);
for (const [name, selection] of Object.entries(selections)) {
  const output = join(directory, 'events.parquet');
  await connection.run(`COPY (${selection}) TO ${quoted(output)} (FORMAT parquet, COMPRESSION zstd)`);
  console.log(`${(statSync(output).size / events).toFixed(2)}  ${name}`);
}
rmSync(directory, { recursive: true });
