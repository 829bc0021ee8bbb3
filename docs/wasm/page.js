// The page: steps of loading, the search, the SQL box. Whatever comes from the data is shown as text.

import { fetchChecked, locate, Problem } from "./published.js";
import { MOST_DEVICES, MOST_ROWS, readSources, runSql, searchDevices } from "./questions.js";
import { openTable, startDatabase } from "./table.js";
import { WORDS } from "./words.js";

const asked = new URLSearchParams(location.search);
const language = asked.get("lang") === "en" ? "en" : "ja";
const words = WORDS[language];
const say = (ja, en) => (language === "en" ? en : ja);
const byId = (id) => document.getElementById(id);

function element(name, text = "", ...children) {
  const made = document.createElement(name);
  made.textContent = text;
  made.append(...children);
  return made;
}

function showLanguage() {
  document.documentElement.lang = language;
  const other = byId("other-language");
  const query = new URLSearchParams(asked);
  query.set("lang", language === "en" ? "ja" : "en");
  other.href = `?${query}`;
  other.textContent = say("English", "日本語");
  other.hreflang = say("en", "ja");
}

function showStep(step) {
  for (const one of document.querySelectorAll("[data-step]")) one.hidden = one.dataset.step !== step;
}

function showProblem(error) {
  const code = error instanceof Problem ? error.code : "no_engine";
  for (const one of document.querySelectorAll("[data-step]")) one.hidden = true;
  for (const one of document.querySelectorAll("[data-problem]")) one.hidden = one.dataset.problem !== code;
  byId("found").textContent = error instanceof Problem ? error.found : String(error);
  byId("problem").hidden = false;
}

/** A link for an address of the web, plain text for anything else. */
function link(address, text = address) {
  if (!/^https:\/\//u.test(address ?? "")) return element("span", text ?? "");
  const made = element("a", text);
  made.href = address;
  made.rel = "noopener";
  return made;
}

function answerParts(answer) {
  const numbers = answer.model_numbers ? ` (${answer.model_numbers})` : "";
  const verdict = element("dd", "", element("strong", words.status[answer.status] ?? answer.status), " ", element("code", answer.status));
  if (answer.note) verdict.append(element("p", answer.note));
  if (answer.origin) verdict.append(element("p", words.origin[answer.origin] ?? answer.origin));
  if (answer.source_url) verdict.append(element("p", "", link(answer.source_url)));
  return [element("dt", (words.capability_short[answer.capability] ?? answer.capability) + numbers), verdict];
}

function deviceCard(device) {
  const card = element("article", "", element("h3", `${device.maker} ${device.name}`));
  card.dataset.device = device.device_id;
  if (!device.isHere) card.append(element("p", say("世界の機種一覧だけにある機種です", "In the world catalogue only")));
  const answers = [...device.groups.values()].flat();
  card.append(element("dl", "", ...answers.flatMap(answerParts)));
  return card;
}

async function search(connection) {
  const { devices, isMore, isShort } = await searchDevices(connection, byId("q").value);
  byId("devices").replaceChildren(...devices.map(deviceCard));
  byId("count").textContent = foundText(devices.length, isMore, isShort);
}

function foundText(count, isMore, isShort) {
  if (isShort) return say("2文字以上入力してください", "Type at least two letters");
  if (isMore) return say(`${MOST_DEVICES}機種より多くあります。もっと詳しく入力してください`, `More than ${MOST_DEVICES} devices: type more of the name`);
  if (count) return say(`${count}機種`, `Devices: ${count}`);
  return say(
    "見つかりません。機種が使えないという意味ではありません。型番で探し直してください",
    "Nothing found, which does not mean that the device does not work. Try its model number",
  );
}

function resultTable({ columns, rows }) {
  const heads = columns.map((name) => Object.assign(element("th", name), { scope: "col" }));
  const lines = rows.map((row) => element("tr", "", ...row.map((value) => element("td", value ?? "NULL"))));
  return element("table", "", element("thead", "", element("tr", "", ...heads)), element("tbody", "", ...lines));
}

async function query(connection) {
  byId("sql-problem").replaceChildren();
  byId("result").replaceChildren();
  byId("sql-count").textContent = "";
  try {
    const found = await runSql(connection, byId("sql").value);
    byId("result").replaceChildren(resultTable(found));
    byId("sql-count").textContent = found.isMore ? say(`はじめの${MOST_ROWS}行`, `The first ${MOST_ROWS} rows`)
      : say(`${found.rows.length}行`, `Rows: ${found.rows.length}`);
  } catch (error) {
    byId("sql-problem").replaceChildren(element("p", error.message.split("\n    at ")[0]));
  }
}

async function showSources(connection, file) {
  byId("place").replaceChildren(link(file.url.href), ` ${file.version}`);
  const lines = (await readSources(connection)).map((source) => {
    const printed = source.printed_on ?? say("日付の記載なし", "no date printed");
    // Nobody fetched a bundled page: its day is the one on which it was written.
    const seen = source.origin === "live" ? say("確認", "seen") : say("作成", "written");
    const day = say(`ページの日付 ${printed}、${seen} ${source.last_fetched}`, `page of ${printed}, ${seen} ${source.last_fetched}`);
    const origin = `${words.origin[source.origin] ?? source.origin} `;
    const line = element("li", `${source.source_id}: `, origin, element("code", source.origin), ` ${day} `, link(source.source_url));
    line.dataset.origin = source.origin;
    return line;
  });
  byId("sources").replaceChildren(...lines);
}

/** Call `run` when the form is sent, one call at a time. */
function onSubmit(id, run) {
  const form = byId(id);
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await run();
    } catch (error) {
      showProblem(error);
    } finally {
      button.disabled = false;
    }
  });
  button.disabled = false;
}

function folderAsked() {
  const folder = new URL(asked.get("data") ?? "./", location.href);
  folder.search = folder.hash = "";
  if (!folder.pathname.endsWith("/")) folder.pathname += "/";
  return folder;
}

async function start() {
  showLanguage();
  byId("q").value = asked.get("q") ?? "";
  for (const form of document.forms) form.addEventListener("submit", (event) => event.preventDefault());
  const starting = startDatabase();
  starting.catch(() => {});
  showStep("fetch");
  const file = await locate(folderAsked());
  const content = await fetchChecked(file);
  const opened = await starting;
  showStep("read");
  await openTable(opened, content, (done, all) => {
    byId("progress").textContent = `${Math.round((100 * done) / all)}%`;
  });
  await showSources(opened.connection, file);
  onSubmit("search", () => search(opened.connection));
  onSubmit("query", () => query(opened.connection));
  showStep("ready");
  if (byId("q").value) await search(opened.connection);
}

start().catch(showProblem);
