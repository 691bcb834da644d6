/* What the pages do beyond links and forms. Everything here is an addition: without it, all pages still work. */
(() => {
  "use strict";

  const main = () => document.getElementById("main");
  const on = (name, act) => document.addEventListener(name, act);

  /* ---- Live: a page that is behind what the stream told is read again, morphed so that nothing typed is lost. */

  const SETTLE = 250, AGAIN = 3_000, PATIENCE = 15_000;
  let newest = 0;
  let waiting = 0;
  let reading = false;
  let asked = false;

  function reread() {
    asked = true;
    readIn(SETTLE);
  }

  function readIn(delay) {
    clearTimeout(waiting);
    waiting = setTimeout(read, delay);
  }

  /* A refused form holds words that only it knows: it is left alone. */
  function read() {
    if (reading || document.querySelector("#main [role=alert]")) return;
    reading = true;
    asked = false;
    const how = { source: "#main", target: "#main", select: "#main", swap: "outerMorph", push: "false" };
    htmx.ajax("GET", location.href, { ...how, timeout: PATIENCE, isReread: true });
  }

  /* What was told is told once: a reading that got no answer is tried again until it has one. */
  on("htmx:finally:request", ({ detail }) => {
    if (!detail.ctx.isReread) return;
    reading = false;
    if (detail.ctx.status !== "swapped" && detail.ctx.target.isConnected) readIn(AGAIN);
    else if (asked) readIn(SETTLE);
  });

  /* A stream that broke is opened again by htmx; one that could not be opened at all, by us. */
  on("htmx:finally:request", ({ detail }) => {
    const { sourceElement, response } = detail.ctx;
    if (sourceElement.id !== "live" || response?.raw.ok) return;
    const url = sourceElement.getAttribute("hx-sse:connect");
    setTimeout(() => htmx.ajax("GET", url, { source: sourceElement, timeout: PATIENCE }), AGAIN * (1 + Math.random()));
  });

  /* A wire can die without a word. The server says something every 15 seconds: who hears nothing asks anew. */
  const SILENCE = 40_000;
  let silence = 0;

  function heard({ detail }) {
    clearTimeout(silence);
    silence = setTimeout(() => detail.connection.reader?.cancel(), SILENCE);
  }

  on("htmx:sse:after:connection", heard);
  on("htmx:sse:before:message", heard);
  on("htmx:sse:close", () => clearTimeout(silence));

  function showIfNewer() {
    const version = Number(document.querySelector("#main form [name=version]")?.value || 0);
    const saved = Number(document.querySelector("#main [data-version]")?.dataset.version || 0);
    const note = document.querySelector("#main [data-if-newer]");
    if (note) note.hidden = !version || saved <= version;
  }

  on("htmx:sse:after:message", ({ detail }) => {
    if (detail.message.event) return;
    newest = Math.max(newest, Number(detail.message.id || 0));
    const wanted = main()?.dataset.reread; // empty: whatever comes; else what must be in it
    if (wanted !== undefined && detail.message.data.includes(wanted)) reread();
    showIfNewer();
  });
  on("resync", reread);
  on("bye", ({ detail }) => {
    if (detail.data === "full") setInterval(() => document.hidden || reread(), 60_000);
  });

  /* ---- After a navigation: where we are, and the title for who does not see the page change. */

  /* A navigation brings another #main; pushes and partial answers morph the one that is there. */
  let page = null;
  let drawn = -1; // the cursor of the page when it was last compared: a push does not draw it anew
  on("DOMContentLoaded", () => { page = main(); });

  on("htmx:after:swap", () => {
    const cursor = Number(main()?.dataset.cursor || 0);
    if ((main() !== page || cursor !== drawn) && cursor < newest) reread();
    drawn = cursor;
    for (const link of document.querySelectorAll(".nav a[data-place]")) {
      if (link.dataset.place === main()?.dataset.place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (main() !== page) {
      page = main();
      const refused = page?.querySelector("[role=alert]");
      if (refused) refused.focus();
      else page?.querySelector("h1[tabindex]")?.focus({ preventScroll: true });
    }
    /* What moved is drawn anew elsewhere: the focus follows it. */
    const item = document.getElementById(moved);
    (item?.href ? item : item?.querySelector("a"))?.focus();
    moved = "";
  });

  /* ---- Dragging: what is dropped goes to the same address as the form that moves it. */

  const KINDS = [
    { item: "[data-post]", zone: "[data-day]", url: (id) => `/posts/${id}/day`, value: (zone) => ({ day: zone.dataset.day }) },
    { item: "[data-task]", zone: "[data-column]", url: (id) => `/tasks/${id}/column`, value: (zone) => ({ column: zone.dataset.column }) },
  ];
  let dragged = null;
  let moved = "";

  const zoneOf = (target) => dragged && target.closest?.(dragged.kind.zone);
  const clear = () => document.querySelector(".drop")?.classList.remove("drop");

  on("dragstart", (event) => {
    const kind = KINDS.find(({ item }) => event.target.closest?.(item));
    if (!kind) return;
    const item = event.target.closest(kind.item);
    /* Who is shown no other way to move it may not drag it. */
    if (item.querySelector("[popovertarget]")?.checkVisibility() === false) return event.preventDefault();
    dragged = { kind, item, id: Object.values(item.dataset)[0] };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.textContent.trim().replace(/\s+/g, " "));
    item.classList.add("dragging");
  });
  on("dragover", (event) => {
    const zone = zoneOf(event.target);
    if (!zone) return;
    event.preventDefault();
    if (!zone.classList.contains("drop")) {
      clear();
      zone.classList.add("drop");
    }
  });
  on("dragend", () => {
    dragged?.item.classList.remove("dragging");
    clear();
    dragged = null;
  });
  on("drop", (event) => {
    const zone = zoneOf(event.target);
    if (!zone) return;
    event.preventDefault();
    const { kind, item, id } = dragged;
    if (zone.contains(item)) return;
    moved = item.id;
    htmx.ajax("POST", kind.url(id), { values: kind.value(zone), target: "#toasts", swap: "none", push: "false" });
  });

  /* ---- A request that found no server: what was typed is still in the page, and somebody has to say so. */

  let unreached = null;
  on("htmx:error", ({ detail }) => {
    if (!detail.ctx || detail.ctx.isReread || detail.ctx.sourceElement.matches("[hx-trigger]")) return; // nobody waits for it
    const toasts = document.getElementById("toasts");
    toasts.replaceChildren(document.getElementById("unreached").content.cloneNode(true));
    unreached = toasts.firstElementChild;
  });

  /* ---- Small helps: a native picker that fills the words in, a field ready for the next line, a link to copy. */

  on("htmx:after:request", (event) => {
    const { detail } = event;
    const { sourceElement, response, isReread } = detail.ctx;
    if (isReread && response?.status >= 500) event.preventDefault(); // a server that is away is no page
    if (response) unreached?.remove();
    if (!response?.raw.ok) return;
    if (sourceElement?.matches?.("[data-clears]")) sourceElement.reset();
    moved = sourceElement?.closest?.("[data-task]")?.id || moved;
  });

  on("change", ({ target }) => {
    const field = target.dataset?.picks && document.getElementById(target.dataset.picks);
    if (!field) return;
    field.value = target.type === "date" ? target.value.split("-").reverse().join("/") : target.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  on("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    button.classList.add("done");
  });
})();
