// What is asked of the table. Every value comes back as text, in the words of the table.

import { matchKey } from "./fold.js";

export const MOST_DEVICES = 20;
export const MOST_ROWS = 200;

// Rows of a device whose answers are the same stand together, with their model numbers.
const SEARCH = `
WITH hit AS (
    SELECT device_id, max(key = ?) AS is_exact FROM word WHERE contains(key, ?) GROUP BY device_id
), best AS (
    SELECT h.device_id, c.name, c.is_sold_in_japan AS is_here,
        row_number() OVER (ORDER BY h.is_exact DESC, c.is_sold_in_japan DESC, length(c.name), c.name, h.device_id) AS place
    FROM hit h JOIN (SELECT DISTINCT device_id, name, is_sold_in_japan FROM compat) c USING (device_id)
    QUALIFY place <= ${MOST_DEVICES + 1}
)
SELECT b.place, c.device_id, c.maker, c.name, b.is_here::VARCHAR AS is_here, c.capability, c.status, c.note, c.origin,
    c.source_url, string_agg(c.model_number, ' ' ORDER BY c.model_number) AS model_numbers
FROM best b JOIN compat c USING (device_id)
GROUP BY ALL
ORDER BY b.place, model_numbers, c.capability`;

const SOURCES = `
SELECT source_id, origin, source_url, max(printed_on)::VARCHAR AS printed_on, max(last_fetched_at)::DATE::VARCHAR AS last_fetched
FROM compat WHERE source_id IS NOT NULL GROUP BY ALL ORDER BY source_id`;

/**
 * Return {devices, isMore, isShort}: those whose name or number contains the text, folded. A device is
 * {device_id, maker, name, isHere, groups}, a group {numbers, answers}: model numbers with the same answers.
 */
export async function searchDevices(connection, text) {
  const key = matchKey(text);
  if (key.length < 2) return { devices: [], isMore: false, isShort: true };
  const statement = await connection.prepare(SEARCH);
  const rows = (await statement.query(key, key)).toArray();
  await statement.close();
  const devices = new Map();
  for (const row of rows) {
    const { device_id, maker, name, is_here, model_numbers } = row;
    if (!devices.has(device_id)) {
      devices.set(device_id, { device_id, maker, name, isHere: is_here === "true", groups: new Map() });
    }
    const groups = devices.get(device_id).groups;
    const numbers = model_numbers ?? "";
    if (!groups.has(numbers)) groups.set(numbers, []);
    groups.get(numbers).push(row.toJSON());
  }
  const found = [...devices.values()];
  return { devices: found.slice(0, MOST_DEVICES), isMore: found.length > MOST_DEVICES, isShort: false };
}

/** Return the sources of the answers: source_id, origin, source_url, printed_on, last_fetched. */
export async function readSources(connection) {
  return (await connection.query(SOURCES)).toArray().map((row) => row.toJSON());
}

/** Run one query; return {columns, rows, isMore} with every cell as text or null. Throws what DuckDB says. */
export async function runSql(connection, sql) {
  const query = sql.trim().replace(/;+\s*$/u, "");
  const found = await connection.query(`SELECT COLUMNS(*)::VARCHAR FROM (\n${query}\n) LIMIT ${MOST_ROWS + 1}`);
  const columns = found.schema.fields.map((field) => field.name);
  const rows = found.toArray().map((row) => Array.from(row, ([, value]) => value));
  return { columns, rows: rows.slice(0, MOST_ROWS), isMore: rows.length > MOST_ROWS };
}
