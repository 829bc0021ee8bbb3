// The published table in DuckDB-WASM: `compat` with all its columns, `word` with the folded keys of names and numbers.
//
// DuckDB-WASM would load its reader of Parquet files from another host at run time. The file is read by
// hyparquet instead and handed over as CSV, so that the page needs no host but its own.

import { matchKey } from "./fold.js";
import { AsyncDuckDB, VoidLogger, compressors, parquetMetadata, parquetReadObjects, parquetSchema } from "./vendor/libraries.js";

const ROWS_AT_ONCE = 20480;
const NULL = "\\N";
const TYPES = { BOOLEAN: "BOOLEAN", INT32: "INTEGER", INT64: "BIGINT", DOUBLE: "DOUBLE", FLOAT: "DOUBLE" };
const CONVERTED = { DATE: "DATE", TIMESTAMP_MICROS: "TIMESTAMP", TIMESTAMP_MILLIS: "TIMESTAMP", LIST: "VARCHAR[]" };

/** Start DuckDB and return a connection; it can reach neither files nor the network after `openTable`. */
export async function startDatabase() {
  const worker = new Worker(new URL("vendor/duckdb-browser-eh.worker.js", import.meta.url));
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  await database.instantiate(new URL("vendor/duckdb-eh.wasm", import.meta.url).href);
  return { database, connection: await database.connect() };
}

/** Fill `compat` and `word` from the bytes of a Parquet file; `onRows(done, all)` is told how far it is. */
export async function openTable({ database, connection }, file, onRows) {
  const metadata = parquetMetadata(file);
  const columns = columnTypes(metadata);
  const names = Object.keys(columns);
  await connection.query("CREATE TABLE word (device_id VARCHAR, key VARCHAR)");
  await connection.query(`CREATE TABLE compat (${names.map((name) => `${quoted(name)} ${columns[name]}`).join(", ")})`);
  const all = Number(metadata.num_rows);
  const seen = new Set();
  for (let rowStart = 0; rowStart < all; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, all);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    await append(database, connection, "compat", columns, rows.map((row) => names.map((name) => row[name])));
    const words = newWords(rows, seen);
    await append(database, connection, "word", { device_id: "VARCHAR", key: "VARCHAR" }, words);
    onRows(rowEnd, all);
  }
  await connection.query("SET enable_external_access = false");
  await connection.query("SET lock_configuration = true");
}

function columnTypes(metadata) {
  const types = {};
  for (const { element } of parquetSchema(metadata).children) {
    types[element.name] = CONVERTED[element.converted_type] ?? TYPES[element.type] ?? "VARCHAR";
  }
  return types;
}

/** Return [device_id, key] of the name and the numbers of rows, each pair once. */
function newWords(rows, seen) {
  const words = [];
  for (const { device_id: id, maker, name, model_number: number } of rows) {
    for (const text of [name, `${maker} ${name}`, number]) {
      const pair = `${id}\t${text}`;
      if (!text || seen.has(pair)) continue;
      seen.add(pair);
      words.push([id, matchKey(text)]);
    }
  }
  return words;
}

async function append(database, connection, table, columns, rows) {
  const text = rows.map((row) => row.map(cell).join(",")).join("\n");
  await database.registerFileText("rows.csv", text);
  const types = Object.entries(columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(", ");
  await connection.query(
    `INSERT INTO ${table} FROM read_csv('rows.csv', columns = {${types}}, header = false, auto_detect = false,
      delim = ',', quote = '"', escape = '"', nullstr = ${literal(NULL)}, new_line = '\\n')`,
  );
  await database.dropFile("rows.csv");
}

function cell(value) {
  if (value === null || value === undefined) return NULL;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  return typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
}

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;
