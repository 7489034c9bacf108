/* My Calendar: something new on a day and at a time, by a click on an empty spot, the right button, or keys. */
"use strict";

const USUAL_MINUTE = 9 * 60;
const SPOT_STEP = 30;

/* Where something is: the day, and the minute of it where one is meant. */
function spotOf(element, minute = null) {
  const column = element.closest("[data-date]");
  return column && { day: column.dataset.date, minute, host: column.dataset.host ?? "" };
}

function createAt(spot) {
  const dialog = document.getElementById("create-here");
  const at = spot ? minutesOf(`${spot.day}T00:00`) + (spot.minute ?? 0) : 0;
  const title = dialog.querySelector("h2");
  title.dataset.plain ??= title.textContent;
  const filling = { day: dayWords(at), from: clockOf(at) };
  title.textContent = spot ? words(spot.minute === null ? "new" : "newAt", filling) : title.dataset.plain;
  for (const link of dialog.querySelectorAll("a[data-create]")) leadTo(link, spot);
  dialog.showModal();
}

function leadTo(link, spot) {
  const way = new URL(link.href);
  const known = spot ? { on: spot.day, day: spot.day, at: spot.minute === null ? "" : clockOf(spot.minute), host: spot.host } : {};
  for (const name of link.dataset.create.split(" ")) {
    if (known[name]) way.searchParams.set(name, known[name]);
    else way.searchParams.delete(name);
  }
  link.href = way;
}

/* ── pointer ── on an empty spot of a day on the clock, or of a cell of the month. */
function pointedAt(event) {
  const column = event.target.closest?.(".week-day, .month-grid td");
  if (!column || !acting() || event.target.closest("a, button, .entry")) return null;
  const hours = event.target.closest(".week-entries");
  if (!hours) return column.matches("td") ? spotOf(column) : null;
  const minute = minuteAt(hours, event.clientY);
  return minute === null ? null : spotOf(column, Math.floor(minute / SNAP) * SNAP);
}

document.addEventListener("click", (event) => {
  const spot = event.button === 0 && !event.defaultPrevented && pointedAt(event);
  if (spot) createAt(spot);
});

document.addEventListener("contextmenu", (event) => {
  const spot = pointedAt(event);
  if (!spot) return;
  event.preventDefault();
  createAt(spot);
});

/* ── keys ── from the name of a day down to its times; arrows go on from there, Enter puts something there. */
document.addEventListener("keydown", (event) => {
  const name = event.target.closest?.(".week-day > h2 a");
  if (event.target.matches?.(".spot")) steer(event);
  else if (event.key === "ArrowDown" && name && minuteAt(name.closest(".week-day").querySelector(".week-entries"), 0) !== null) {
    event.preventDefault();
    showSpot(name.closest(".week-day"), USUAL_MINUTE);
  }
}, { capture: true });

function showSpot(column, minute) {
  document.querySelector(".spot")?.remove();
  const [first, last] = axisOf(column);
  const at = Math.min(Math.max(minute, first), last - SPOT_STEP);
  const spot = document.createElement("button");
  spot.type = "button";
  spot.className = "spot";
  spot.dataset.from = clockOf(at);
  spot.textContent = words("newAt", { day: dayWords(minutesOf(`${column.dataset.date}T00:00`)), from: clockOf(at) });
  column.querySelector(".week-entries").append(spot);
  spot.focus();
  spot.addEventListener("click", () => createAt(spotOf(column, at)));
  spot.addEventListener("blur", () => setTimeout(() => document.querySelector("dialog[open]") || spot.remove()));
}

function steer(event) {
  const column = event.target.closest(".week-day");
  const at = minutesOf(`1970-01-01T${event.target.dataset.from}`);
  const columns = [...document.querySelectorAll(".week-day")];
  const beside = columns[columns.indexOf(column) + (event.key === "ArrowLeft" ? -1 : 1)];
  if (event.key === "ArrowUp" || event.key === "ArrowDown") showSpot(column, at + (event.key === "ArrowUp" ? -SPOT_STEP : SPOT_STEP));
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") showSpot(beside ?? column, at);
  else if (event.key === "Escape") column.querySelector("h2 a").focus();
  else return;
  event.preventDefault();
}
