/* The one script of ours. Every page works without it: it adds the reader's time zone, dialogs, menus that close,
   links to copy, the way to "now" in My Calendar, times given up with their form, and a sentence when a request fails.
   No inline handlers, no eval. */
"use strict";

/* ── time zone ── remembered in the cookie "time_zone"; a select with data-detect is set to it, once, if nobody chose. */
function rememberTimeZone(zone) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

function showTimesInReadersZone() {
  if (/(^|; )time_zone=/.test(document.cookie)) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  rememberTimeZone(zone);
  const select = document.querySelector('select[name="time_zone"][data-detect]');
  if (!select || select.value === zone) return;
  if (![...select.options].some((option) => option.value === zone)) {
    select.add(new Option(zone.split("/").pop().replaceAll("_", " "), zone));
  }
  select.value = zone;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  if (event.target.matches('select[name="time_zone"][data-remember]')) rememberTimeZone(event.target.value);
});

/* ── dialog ── #dialog opens when htmx puts something into it, and closes on data-close, Escape or when emptied. */
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target;
  if (dialog?.id !== "dialog") return;
  const heading = dialog.querySelector("h1, h2");
  if (heading) dialog.setAttribute("aria-label", heading.textContent.trim());
  if (!dialog.childElementCount) dialog.close();
  else if (!dialog.open) dialog.showModal();
});

document.addEventListener("click", (event) => {
  const closer = event.target.closest("dialog[open] [data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  closeMenus(event.target);
});

/* ── menus ── one open at a time; a click elsewhere or Escape closes it. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (menu) menu.querySelector("summary").focus();
  closeMenus(null);
});

/* ── copying ── a button with data-copy puts that text on the clipboard and then reads data-copied. Hidden where it cannot:
   the text stands before it, to be marked by hand. */
function offerToCopy() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
}

function copy(button) {
  const say = () => {
    for (const place of [button.querySelector("span"), document.getElementById("announce")]) place.textContent = button.dataset.copied;
  };
  const mark = () => getSelection().selectAllChildren(button.previousElementSibling);
  navigator.clipboard.writeText(button.dataset.copy).then(say, mark);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});

/* ── My Calendar ── starts at now, unless the address names a day or now is in sight. */
function scrollToNow() {
  const now = document.querySelector(".week .now");
  if (!now || location.hash) return;
  const place = now.getBoundingClientRect();
  if (place.top < 0 || place.bottom > window.innerHeight) now.scrollIntoView({ block: "center" });
}

/* ── the times of a day ── come into sight when a day above them is chosen, as on a telephone. */
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail.requestConfig.elt.closest("#month")) return;
  const day = document.getElementById("day-name");
  if (day && day.getBoundingClientRect().bottom > window.innerHeight - 160) day.scrollIntoView({ block: "center" });
});

/* ── the time that is kept ── given up when the form is left, unless by sending a form; asked for again by whoever comes
   back to it. #kept says where to (data-keep, data-release) and, while a time is kept, until when (data-until). */
let isSending = false;

function ask(url, more = {}) {
  const known = new FormData(document.getElementById("details"));
  const asked = new FormData();
  for (const name of ["csrfmiddlewaretoken", "start", "host", "time_zone"]) asked.set(name, known.get(name) ?? "");
  for (const [name, value] of Object.entries(more)) asked.set(name, value);
  return [url, asked];
}

function giveUpTime() {
  const kept = document.getElementById("kept");
  if (!kept?.dataset.until || isSending) return;
  navigator.sendBeacon(...ask(kept.dataset.release, { until: kept.dataset.until }));
}

async function keepTimeAgain() {
  const kept = document.getElementById("kept");
  if (!kept) return;
  const [url, asked] = ask(kept.dataset.keep);
  // going back, browsers are content with what they have: not here
  const answer = await fetch(url, { method: "POST", body: asked, cache: "reload" });
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("kept");
  if (now) kept.replaceWith(now);
}

document.addEventListener("submit", () => { isSending = true; }, { capture: true });
document.addEventListener("htmx:afterRequest", () => { isSending = false; });
window.addEventListener("pagehide", giveUpTime);
window.addEventListener("pageshow", (event) => {
  const [arrival] = performance.getEntriesByType("navigation");
  isSending = false;
  if (event.persisted || arrival?.type === "reload" || arrival?.type === "back_forward") keepTimeAgain().catch(() => {});
});

/* ── requests ── a failed one says so; a whole page that came by redirect is opened, never put into a part. */
function sayTrouble(event) {
  if (event.detail.requestConfig.triggeringEvent) document.getElementById("trouble").hidden = false;
}

document.addEventListener("htmx:responseError", sayTrouble);
document.addEventListener("htmx:sendError", sayTrouble);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (!xhr.responseURL || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  const arrived = new URL(xhr.responseURL);
  if (arrived.pathname === new URL(requestConfig.path, location.href).pathname) return;
  event.detail.shouldSwap = false;
  location.assign(arrived);
});

/* ── an own colour ── the picker and the field beside it say the same; either chooses "own". Without us there is no picker. */
function showPickers() {
  for (const picker of document.querySelectorAll("input[type=color][data-fills]")) picker.hidden = false;
}

document.addEventListener("input", ({ target }) => {
  const picker = target.matches("[data-fills]") ? target : document.querySelector(`[data-fills="${target.id}"]`);
  if (!picker || (target !== picker && !target.id)) return;
  const field = document.getElementById(picker.dataset.fills);
  if (target === picker) field.value = picker.value;
  else if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
  field.form.querySelector('input[value="own"]').checked = true;
  if (target === picker) field.dispatchEvent(new Event("change", { bubbles: true }));
});

/* after htmx has made its elements live, which it does at the same event and before us */
document.addEventListener("DOMContentLoaded", () => {
  showTimesInReadersZone();
  offerToCopy();
  showPickers();
  scrollToNow();
});
