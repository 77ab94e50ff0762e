"use strict";

// What the page needs to turn counters into figures and lines; nothing here knows of the page.

// A share of fewer packets than this says nothing.
const leastPackets = 20;
// How many points a line has: two minutes.
const historyLength = 120;

// MARK: Numbers as people read them

const round = (value, places) => value.toFixed(places);

function bitRate(bytesPerSecond) {
  const bits = bytesPerSecond * 8;
  if (bits >= 1e9) return round(bits / 1e9, 2) + " Gbit/s";
  if (bits >= 1e5) return round(bits / 1e6, bits < 1e7 ? 1 : 0) + " Mbit/s";
  return round(bits / 1e3, bits < 1e4 ? 1 : 0) + " kbit/s";
}

function milliseconds(seconds) {
  return seconds == null ? "–" : round(seconds * 1000, 0) + " ms";
}

function percent(share) {
  return share == null ? "–" : round(share * 100, share < 0.1 ? 1 : 0) + " %";
}

function duration(seconds) {
  if (seconds < 60) return Math.floor(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + (Math.floor(seconds / 60) % 60) + " min";
  return Math.floor(seconds / 86400) + " d " + (Math.floor(seconds / 3600) % 24) + " h";
}

function size(bytes) {
  if (bytes < 1024) return bytes + " B";
  if (bytes < 1048576) return round(bytes / 1024, 0) + " KiB";
  return round(bytes / 1048576, 1) + " MiB";
}

// MARK: Changes between two answers

// A counter that went back started anew: then what there is counts.
const gain = (before, after, key) => (after[key] >= before[key] ? after[key] - before[key] : after[key]);

function rates(before, after, seconds) {
  const perSecond = (key) => gain(before, after, key) / seconds;
  const share = (part, whole) => {
    const all = gain(before, after, whole);
    return all >= leastPackets ? Math.min(1, gain(before, after, part) / all) : null;
  };
  return {
    received: perSecond("receivedPayloadBytes"),
    sent: perSecond("sentPayloadBytes"),
    receivedLoss: share("receivedPacketsLost", "receivedPackets"),
    sentLoss: share("sentPacketsLost", "sentPackets"),
  };
}

function median(values) {
  const sorted = values.filter((value) => value != null).sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor(sorted.length / 2)] : null;
}

function remember(history, value) {
  history.push(value);
  if (history.length > historyLength) history.shift();
}

// MARK: Drawing

function element(name, text, className) {
  const node = document.createElement(name);
  if (text != null) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function svgPath(className, data) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("class", className);
  path.setAttribute("d", data);
  return path;
}

// The line through the points that are there; `top` is the value at the upper edge.
function line(history, key, top, height) {
  let data = "";
  let isDown = false;
  history.forEach((point, index) => {
    const value = point && point[key];
    if (value == null) {
      isDown = false;
      return;
    }
    const x = historyLength - history.length + index;
    const y = height - 1 - (Math.min(value, top) / top) * (height - 2);
    data += (isDown ? "L" : "M") + x + " " + y.toFixed(2);
    isDown = true;
  });
  return data;
}

function draw(svg, history, keys, least) {
  const height = 40;
  const values = history.flatMap((point) => (point ? keys.map((key) => point[key] || 0) : []));
  const top = Math.max(least, ...values);
  svg.setAttribute("viewBox", "0 0 " + (historyLength - 1) + " " + height);
  const paths = [svgPath("base", "M0 " + (height - 1) + "H" + historyLength)];
  keys.forEach((key, index) => paths.push(svgPath(index ? "second" : "first", line(history, key, top, height))));
  svg.replaceChildren(...paths);
  return top;
}
