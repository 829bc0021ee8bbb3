// Finding, fetching and checking the published file: nothing is used whose checksum is not the published one.

const FILE = "compat.parquet";

/** What went wrong, as a code of the texts in index.html, with what was found. */
export class Problem extends Error {
  constructor(code, found = "") {
    super(`${code}: ${found}`);
    this.code = code;
    this.found = found;
  }
}

/**
 * Return {url, bytes, sha256, version} of the published Parquet file below a folder.
 *
 * A published place has latest.json, which points into versions/; a folder of exports has index.json.
 */
export async function locate(folder) {
  const latest = await fetchJson(new URL("latest.json", folder));
  const index = latest ?? (await fetchJson(new URL("index.json", folder)));
  if (!index) throw new Problem("no_data", folder.href);
  const file = index.files?.[FILE];
  if (!file || !/^[0-9a-f]{64}$/.test(file.sha256)) throw new Problem("bad_index", folder.href);
  const url = new URL(file.path ?? FILE, folder);
  if (!url.href.startsWith(folder.href)) throw new Problem("bad_index", url.href);
  return { url, bytes: file.bytes, sha256: file.sha256, version: index.version ?? index.built_at ?? "" };
}

/** Return the file's bytes once their number and checksum are those that were published. */
export async function fetchChecked(file) {
  if (!globalThis.crypto?.subtle) throw new Problem("not_secure", location.origin);
  const response = await answer(file.url);
  if (!response?.ok) throw new Problem("no_data", file.url.href);
  const content = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (content.byteLength !== file.bytes || sha256 !== file.sha256) {
    throw new Problem("bad_checksum", `${content.byteLength} / ${file.bytes} bytes, ${sha256.slice(0, 12)}`);
  }
  return content;
}

async function fetchJson(url) {
  const response = await answer(url);
  if (!response || response.status === 404) return null;
  if (!response.ok) throw new Problem("no_data", `${url.href}: ${response.status}`);
  try {
    return await response.json();
  } catch {
    throw new Problem("bad_index", url.href);
  }
}

async function answer(url) {
  try {
    return await fetch(url, { credentials: "omit", cache: "no-cache" });
  } catch {
    throw new Problem("no_data", url.href);
  }
}
