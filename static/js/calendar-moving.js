/* My Calendar: moving and lengthening entries, with the pointer or with keys. What is shown meanwhile is a shadow; the
   server decides, and its answer redraws. */
"use strict";

const SNAP = 15;
const DAY = 24 * 60;
const EDGE = 8;
const THRESHOLD = 5;

/* ── the clock that is drawn ── */
function axisOf(element) {
  const { from, to } = element.closest(".axis").dataset;
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return [minutes(from), minutes(to)];
}

/* The minute of the day at a height; null where days are not drawn on a clock. */
function minuteAt(hours, y) {
  if (!hours?.closest(".axis") || getComputedStyle(hours).position !== "relative") return null;
  const [first, last] = axisOf(hours);
  const place = hours.getBoundingClientRect();
  const minute = first + ((y - place.top) / place.height) * (last - first);
  return Math.min(Math.max(minute, first), last);
}

/* ── what is being moved ── */
let moving = null;

function begin(entry) {
  const { start, end } = entry.dataset;
  const [from, to] = [minutesOf(start), minutesOf(end)];
  const host = entry.closest("[data-host]")?.dataset.host ?? "";
  entry.dataset.moving = "";
  moving = { entry, from, to, host, start: from, end: to, former: host, shadow: null };
  moving.wholeDays = from % DAY === 0 && to % DAY === 0;
  moving.title = entry.querySelector("strong > span")?.lastChild.textContent.trim() ?? "";
}

function finish() {
  moving?.shadow?.remove();
  if (moving) delete moving.entry.dataset.moving;
  moving = null;
}

function giveUp() {
  if (!moving) return;
  finish();
  say(words("left"));
}

function save() {
  const { entry, from, to, start, end, host, former } = moving;
  const fields = new FormData(acting());
  const isLonger = end - start !== to - from;
  finish();
  if (start === from && end === to && host === former) return;
  if (start !== from || !isLonger) fields.set("starts_at", textOf(start));
  if (isLonger) fields.set("ends_at", textOf(end));
  if (host !== former) {
    fields.set("host", host);
    fields.set("former", former);
  }
  fields.set("seen", entry.dataset.start);
  send(entry.dataset.move, fields, entry.dataset.item);
}

function place(start, end, host = moving.host) {
  Object.assign(moving, { start, end, host });
  drawShadow();
}

function columnsOn(minutes) {
  return [...document.querySelectorAll(`[data-date="${textOf(minutes).slice(0, 10)}"]`)];
}

function drawShadow() {
  moving.shadow?.remove();
  const columns = columnsOn(moving.start);
  const column = columns.find((one) => one.dataset.host === moving.host) ?? columns[0];
  if (!column) return;
  const shadow = moving.entry.cloneNode(true);
  delete shadow.dataset.item;
  delete shadow.dataset.lane;
  delete shadow.dataset.moving;
  Object.assign(shadow.dataset, { shadow: "", from: clockOf(moving.start), to: endOnDay() });
  shadow.inert = true;
  const time = shadow.querySelector("time");
  if (time) time.textContent = `${clockOf(moving.start)}–${clockOf(moving.end)}`;
  moving.shadow = shadow;
  const list = moving.wholeDays ? column.querySelector(".week-all-day") : column.querySelector(".week-entries");
  (list ?? column.querySelector("ul") ?? column).append(shadow);
}

function endOnDay() {
  const midnight = Math.floor(moving.start / DAY) * DAY + DAY;
  return moving.end >= midnight ? "24:00" : clockOf(moving.end);
}

/* ── pointer ── mouse and pen; with a finger one scrolls, and the entry's page does the same. */
let grabbed = null;
let wasDragged = false;

document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.(".entry[data-move]");
  if (!entry || event.button !== 0 || event.pointerType === "touch" || !acting()) return;
  const hours = entry.closest(".week-entries");
  const minute = hours ? minuteAt(hours, event.clientY) : null;
  if (minute === null && !entry.closest(".month-grid, .week-all-day")) return;
  const isEnd = minute !== null && entry.getBoundingClientRect().bottom - event.clientY < EDGE;
  grabbed = { entry, isEnd, x: event.clientX, y: event.clientY, offset: pointed(event) - minutesOf(entry.dataset.start) };
});

document.addEventListener("pointermove", (event) => {
  if (!grabbed) return;
  if (!moving) {
    if (Math.hypot(event.clientX - grabbed.x, event.clientY - grabbed.y) < THRESHOLD) return;
    begin(grabbed.entry);
    document.body.dataset.dragging = "";
  }
  drag(event);
});

function drag(event) {
  const at = pointed(event);
  if (at === null) return;
  const { start, end, from, to } = moving;
  const host = columnUnder(event)?.dataset.host ?? moving.host;
  if (grabbed.isEnd) {
    place(start, Math.max(start + SNAP, Math.round(at / SNAP) * SNAP));
  } else if (moving.wholeDays || minuteUnder(event) === null) {
    const days = Math.floor(at / DAY) - Math.floor((from + grabbed.offset) / DAY);
    place(from + days * DAY, to + days * DAY, host);
  } else {
    const begins = Math.round((at - grabbed.offset) / SNAP) * SNAP;
    if (begins !== start || host !== moving.host) place(begins, begins + end - start, host);
  }
}

function columnUnder(event) {
  return document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("[data-date]")).find(Boolean);
}

function minuteUnder(event) {
  return minuteAt(columnUnder(event)?.querySelector(".week-entries"), event.clientY);
}

/* Day and time under the pointer; the start of the day where there is no clock. */
function pointed(event) {
  const column = columnUnder(event);
  return column ? minutesOf(`${column.dataset.date}T00:00`) + (minuteUnder(event) ?? 0) : null;
}

document.addEventListener("pointerup", () => {
  if (grabbed && moving) {
    wasDragged = true;
    setTimeout(() => { wasDragged = false; });
    save();
  }
  letGo();
});

function letGo() {
  grabbed = null;
  delete document.body.dataset.dragging;
}

document.addEventListener("pointercancel", () => {
  if (grabbed) giveUp();
  letGo();
});

document.addEventListener("click", (event) => {
  if (!wasDragged) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".entry[data-move]")) event.preventDefault();
});

/* ── keys ── on an entry: m, or Alt and an arrow, begins; Enter saves, Escape gives up. */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.(".entry[data-move]");
  if (moving && event.key === "Escape") giveUp();
  else if (moving && grabbed) return;
  else if (moving && event.key === "Enter") save();
  else if (moving && STEPS[event.key]) step(event);
  else if (!moving && entry && acting() && begins(event)) start(entry, event);
  else return;
  letGo();
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

function begins(event) {
  if (event.ctrlKey || event.metaKey) return false;
  return STEPS[event.key] ? event.altKey : event.key === "m" && !event.altKey;
}

function start(entry, event) {
  begin(entry);
  if (STEPS[event.key]) step(event);
  else say(`${told()}. ${words("how")}`);
}

function step(event) {
  const [down, aside] = STEPS[event.key];
  const isMonth = Boolean(moving.entry.closest(".month-grid"));
  const unit = isMonth ? 7 * DAY : moving.wholeDays ? DAY : SNAP;
  if (event.shiftKey && down) lengthen(down * (moving.wholeDays || isMonth ? DAY : SNAP));
  else if (aside && columnsOn(moving.start).length > 1) toNeighbour(aside);
  else shift(down * unit + aside * DAY);
  say(told());
}

function shift(minutes) {
  place(moving.start + minutes, moving.end + minutes);
}

function lengthen(minutes) {
  if (moving.end + minutes > moving.start) place(moving.start, moving.end + minutes);
}

function toNeighbour(aside) {
  const columns = columnsOn(moving.start);
  const next = columns[columns.findIndex((one) => one.dataset.host === moving.host) + aside];
  if (next) place(moving.start, moving.end, next.dataset.host);
}

function told() {
  const { title, start: at, end } = moving;
  return words("moving", { title, day: dayWords(at), from: clockOf(at), to: clockOf(end) });
}

document.addEventListener("focusout", () => {
  if (moving && !grabbed) giveUp();
});
