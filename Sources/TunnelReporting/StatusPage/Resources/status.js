// Asks for status.json each second while the page can be seen, and shows what has changed since the last answer.

const interval = 1000;
const shownSessions = 100;
// Share of lost packets from which on a figure stands out.
const highLoss = 0.05;
// After a longer pause than this the lines have a gap.
const longestStep = 5;

const byId = (id) => document.getElementById(id);
let previous = null;
let histories = { goodput: [], rtt: [], loss: [] };
let sessionHistories = new Map();
let timer = null;
let isAsking = false;

function drawCard(name, keys, least, text) {
  const top = draw(byId(name + "-spark"), histories[name], keys, least);
  const latest = histories[name].at(-1);
  const labels = [];
  for (const key of keys) {
    const label = latest ? text(latest[key]) : "–";
    byId(name + "-" + key).textContent = label;
    labels.push(key + " " + label);
  }
  byId(name + "-spark").setAttribute("aria-label", labels.join(", ") + "; most " + text(top));
  byId(name + "-scale").textContent = "upper edge " + text(top);
}

// MARK: Parts of the page

const kinds = [
  ["payload", "sentContentBytes", "payload"],
  ["header", "sentHeaderBytes", "headers"],
  ["parity", "sentParityBytes", "parity (FEC)"],
  ["retransmission", "sentRetransmissionBytes", "sent again"],
  ["acknowledgement", "sentAcknowledgementBytes", "acknowledgements"],
];

function showWire(totals) {
  const whole = kinds.reduce((sum, [, key]) => sum + totals[key], 0);
  const bar = [];
  const legend = [];
  for (const [name, key, label] of kinds) {
    const share = whole > 0 ? totals[key] / whole : 0;
    const part = element("span", null, name);
    part.style.flexGrow = share;
    bar.push(part);
    const entry = element("div", null, name);
    entry.append(element("dt", label), element("dd", percent(share)));
    legend.push(entry);
  }
  byId("wire-bar").replaceChildren(...bar);
  byId("wire-bar").setAttribute("aria-label", legend.map((entry) => entry.textContent).join(", "));
  byId("wire-legend").replaceChildren(...legend);
}

function showFindings(findings) {
  const items = findings.map((finding) => {
    const item = element("li", null, finding.severity);
    const word = finding.severity === "problem" ? "Problem" : "Notice";
    item.append(element("span", word + ": ", "severity"));
    if (finding.session) item.append(element("strong", finding.session + ": "));
    item.append(finding.text, element("span", finding.advice, "advice"));
    return item;
  });
  if (!items.length) items.push(element("li", "Nothing that can be seen from here."));
  // Screen readers would read the list again each second.
  const list = byId("findings");
  const text = items.map((item) => item.textContent).join("\n");
  if (list.dataset.text === text) return;
  list.dataset.text = text;
  list.replaceChildren(...items);
}

function showState(findings) {
  const problems = findings.filter((finding) => finding.severity === "problem").length;
  const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");
  const [text, name] = problems
    ? [count(problems, "problem"), "problem"]
    : findings.length ? [count(findings.length, "notice"), "notice"] : ["All is well", "good"];
  setState(text, name);
}

function setState(text, name) {
  const state = byId("state");
  if (state.textContent !== text) state.textContent = text;
  state.className = name;
}

const columns = [
  ["Streams", (s) => String(s.streams)],
  ["Received", (s, r) => (r ? bitRate(r.received) : "–")],
  ["Sent", (s, r) => (r ? bitRate(r.sent) : "–")],
  ["Trend", null],
  ["RTT", (s) => (s.roundTrip ? milliseconds(s.roundTrip.smoothed) + " (min " + round(s.roundTrip.minimum * 1000, 0) + ")" : "–")],
  ["Loss in", (s, r) => percent(r && r.receivedLoss), (s, r) => r && r.receivedLoss > highLoss],
  ["Loss out", (s, r) => percent(r && r.sentLoss), (s, r) => r && r.sentLoss > highLoss],
  ["In flight", (s) => s.window.inFlight + " of " + s.window.applied],
  ["Waiting", (s) => size(s.queuedStreamBytes)],
  ["Heard", (s) => (s.silence == null ? "never" : s.silence < 1 ? "now" : duration(s.silence) + " ago")],
  ["Age", (s) => duration(s.age) + (s.state === "established" ? "" : " (" + s.state + ")")],
];

// What was agreed on, or found out.
function settings(session) {
  const parts = [session.cipher, "smux " + session.smuxVersion];
  if (session.usesCompression) parts.push("compressed");
  parts.push("FEC out " + (session.sentShards || "none"), "in " + (session.receivedShards || "none"));
  return parts.join(", ");
}

function row(session, change) {
  const tr = element("tr");
  tr.setAttribute("role", "row");
  const head = element("th", session.name);
  head.scope = "row";
  head.setAttribute("role", "rowheader");
  head.title = "conversation " + session.conversation;
  head.append(element("small", settings(session)));
  tr.append(head);
  for (const [label, text, isHigh] of columns) {
    const cell = element("td", text ? text(session, change) : null, isHigh && isHigh(session, change) ? "high" : "");
    cell.setAttribute("role", "cell");
    cell.dataset.label = label;
    if (!text) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "spark");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("aria-hidden", "true");
      draw(svg, sessionHistories.get(session.id) || [], ["received", "sent"], 1);
      cell.append(svg);
    }
    tr.append(cell);
  }
  return tr;
}

function showSessions(current, changes) {
  // By what they have carried so far, not by speed: rows should not jump about.
  const carried = (session) => session.traffic.receivedPayloadBytes + session.traffic.sentPayloadBytes;
  const sorted = current.sessions.slice().sort((a, b) => carried(b) - carried(a) || b.age - a.age);
  byId("rows").replaceChildren(
    ...sorted.slice(0, shownSessions).map((session) => row(session, changes.get(session.id))));
  const count = current.sessions.length + current.omittedSessions;
  byId("session-count").textContent = count;
  byId("sessions").hidden = count === 0;
  byId("no-sessions").hidden = count > 0;
  byId("no-sessions").textContent = current.program.endsWith("server")
    ? "No client has a session."
    : "There is no session: one is made when an application connects.";
  byId("more-sessions").hidden = count <= shownSessions;
  byId("more-sessions").textContent = "The busiest " + shownSessions + " of " + count + " are shown.";
}

function showCounters(metrics) {
  if (!document.querySelector("details").open) return;
  const rows = Object.keys(metrics).sort().map((name) => {
    const tr = element("tr");
    tr.append(element("td", name), element("td", metrics[name].toLocaleString("en", { maximumFractionDigits: 4 })));
    return tr;
  });
  document.querySelector("#counters tbody").replaceChildren(...rows);
}

// MARK: The loop

// The changes of each session that was there before.
function sessionChanges(current, seconds) {
  const before = new Map(previous.sessions.map((session) => [session.id, session]));
  const changes = new Map();
  const kept = new Map();
  for (const session of current.sessions) {
    const earlier = before.get(session.id);
    const change = earlier ? rates(earlier.traffic, session.traffic, seconds) : null;
    const history = sessionHistories.get(session.id) || [];
    if (change) {
      changes.set(session.id, change);
      remember(history, change);
    }
    kept.set(session.id, history);
  }
  sessionHistories = kept;
  return changes;
}

function rememberTotals(current, change, seconds) {
  if (seconds > longestStep) for (const name in histories) remember(histories[name], null);
  remember(histories.goodput, change);
  remember(histories.loss, { received: change.receivedLoss, sent: change.sentLoss });
  remember(histories.rtt, {
    smoothed: median(current.sessions.map((session) => session.roundTrip && session.roundTrip.smoothed)),
    minimum: median(current.sessions.map((session) => session.roundTrip && session.roundTrip.minimum)),
  });
}

function show(current) {
  if (previous && previous.startTime !== current.startTime) forget();
  let changes = new Map();
  const seconds = previous ? current.clock - previous.clock : 0;
  if (seconds > 0) {
    changes = sessionChanges(current, seconds);
    rememberTotals(current, rates(previous.totals, current.totals, seconds), seconds);
  }
  if (previous && seconds <= 0) return;
  previous = current;
  byId("program").textContent = current.program;
  byId("about").textContent =
    "version " + current.version + ", running for " + duration(Math.max(0, Date.now() / 1000 - current.startTime));
  showState(current.findings);
  showFindings(current.findings);
  drawCard("goodput", ["received", "sent"], 1250, bitRate);
  drawCard("rtt", ["smoothed", "minimum"], 0.001, milliseconds);
  drawCard("loss", ["received", "sent"], 0.01, percent);
  showWire(current.totals);
  showSessions(current, changes);
  showCounters(current.metrics);
  document.title = current.program + ": " + byId("state").textContent;
}

function forget() {
  previous = null;
  histories = { goodput: [], rtt: [], loss: [] };
  sessionHistories = new Map();
}

async function poll() {
  timer = null;
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch("status.json", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    show(await answer.json());
  } catch (error) {
    setState("No answer from the program; the figures are old", "lost");
    document.title = "no answer";
  }
  isAsking = false;
  schedule(interval);
}

function schedule(delay) {
  if (timer !== null) clearTimeout(timer);
  timer = document.visibilityState === "visible" ? setTimeout(poll, delay) : null;
}

function setUp() {
  const heads = [["Session"], ...columns].map(([label]) => {
    const head = element("th", label);
    head.scope = "col";
    head.setAttribute("role", "columnheader");
    return head;
  });
  byId("columns").replaceChildren(...heads);
  document.querySelector("details").addEventListener("toggle", () => previous && showCounters(previous.metrics));
  document.addEventListener("visibilitychange", () => schedule(0));
  schedule(0);
}

setUp();
