/* My Calendar, acting: the side panel, sending without leaving the page, and the keys. Everything here has a link or a
   form that does the same without it. calendar-moving.js and calendar-creating.js build on this file. */
"use strict";

const acting = () => document.getElementById("acting");
const ITEM = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/* ── words ── templates stand in #acting, in the reader's language: "%day%" is filled in here. */
function say(words) {
  document.getElementById("announce").textContent = words;
}

function words(name, filling = {}) {
  const template = acting()?.dataset[name] ?? "";
  return template.replace(/%(\w+)%/g, (whole, key) => filling[key] ?? whole);
}

/* ── wall clock ── "2026-11-24T14:15" as minutes since 1970, as if the wall's zone had no offset; zones are the server's. */
function minutesOf(text) {
  return Date.parse(`${text.slice(0, 16)}Z`) / 60000;
}

function textOf(minutes) {
  return new Date(minutes * 60000).toISOString().slice(0, 16);
}

function clockOf(minutes) {
  return textOf(minutes).slice(11);
}

function dayWords(minutes) {
  const spelled = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long", day: "numeric", month: "long", timeZone: "UTC",
  });
  return spelled.format(new Date(minutes * 60000));
}

/* ── the page again ── as the server has it now; what had the focus has it again. */
async function redraw(focusOn) {
  const open = openItem();
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
  if (!answer.ok || answer.redirected || !fresh) {
    location.reload();
    return;
  }
  const main = document.getElementById("main");
  const [left, top] = [window.scrollX, window.scrollY];
  main.replaceChildren(...fresh.childNodes);
  window.htmx?.process(main);
  document.dispatchEvent(new CustomEvent("calendar:drawn"));
  window.scrollTo(left, top);
  say(document.getElementById("messages").innerText.trim());
  if (open) await openPanel(open, { takesFocus: false });
  (faceOf(focusOn) ?? document.querySelector("#messages button"))?.focus({ preventScroll: true });
}

function faceOf(uid) {
  return uid && document.querySelector(`.entry a.face[href*="${uid}"]`);
}

/* ── sending ── a redirect means done; whatever else has words of its own goes into the dialog. */
async function send(url, fields, focusOn) {
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: fields, redirect: "manual" });
  } catch {
    return trouble();
  }
  document.getElementById("dialog").close();
  if (answer.type === "opaqueredirect") return redraw(focusOn);
  if (![200, 409, 422].includes(answer.status)) return trouble();
  return showInDialog(await answer.text(), focusOn);
}

function trouble() {
  document.getElementById("trouble").hidden = false;
}

function showInDialog(text, focusOn) {
  const dialog = document.getElementById("dialog");
  const part = new DOMParser().parseFromString(text, "text/html");
  dialog.replaceChildren(...part.body.childNodes);
  dialog.setAttribute("aria-label", dialog.querySelector("h2")?.textContent.trim() ?? "");
  dialog.addEventListener("close", () => faceOf(focusOn)?.focus(), { once: true });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!acting() || !form.matches("form[data-then='redraw']")) return;
  event.preventDefault();
  const fields = new FormData(form);
  if (event.submitter?.name) fields.set(event.submitter.name, event.submitter.value);
  const item = form.action.match(ITEM)?.[0];
  if ("ends" in form.dataset) closePanel();
  send(form.action, fields, item);
});

/* ── side panel ── */
function openItem() {
  const panel = document.getElementById("panel");
  return panel && !panel.hidden ? panel.dataset.item : "";
}

async function openPanel(uid, { takesFocus = true } = {}) {
  const panel = document.getElementById("panel");
  const answer = await fetch(acting().dataset.panel.replace(ITEM, uid), { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return false;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  panel.replaceChildren(...part.body.childNodes);
  panel.dataset.item = uid;
  panel.hidden = false;
  if (takesFocus) panel.querySelector("#panel-title")?.focus();
  return true;
}

function closePanel() {
  const panel = document.getElementById("panel");
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  faceOf(panel.dataset.item)?.focus();
}

function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-panel]")) closePanel();
  if (event.target.closest("#show-keys")) document.getElementById("keys").showModal();
  const face = event.target.closest(".entry a.face");
  const uid = face?.getAttribute("href").match(ITEM)?.[0];
  if (!uid || !isPlain(event) || event.defaultPrevented || !acting()) return;
  event.preventDefault();
  openPanel(uid).then((isOpen) => isOpen || location.assign(face.href), () => location.assign(face.href));
});

/* ── keys ── only while the calendar or nothing has the focus, and never in a field or a dialog. */
function takesKeys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !acting()) return false;
  if (document.querySelector("dialog[open]") || event.target.closest("input, select, textarea, #panel, .menu[open]")) return false;
  return event.target === document.body || event.target.matches("#main") || Boolean(event.target.closest(".calendar, .calendar-head"));
}

const LEADS = {
  t: "[data-turn='today']", ArrowLeft: "[data-turn='before']", ArrowRight: "[data-turn='after']",
  d: "[data-view='day']", w: "[data-view='week']", m: "[data-view='month']", a: "[data-view='agenda']",
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) closePanel();
  if (!takesKeys(event)) return;
  const way = Object.hasOwn(LEADS, event.key) && !event.shiftKey && document.querySelector(`.calendar-head a${LEADS[event.key]}`);
  if (way) way.click();
  else if (event.key === "?") document.getElementById("keys").showModal();
  else if (event.key === "n") createAt(spotOf(event.target));
  else return;
  event.preventDefault();
});

function offerKeys() {
  const button = document.getElementById("show-keys");
  if (button) button.hidden = false;
}

document.addEventListener("DOMContentLoaded", offerKeys);
document.addEventListener("calendar:drawn", offerKeys);
