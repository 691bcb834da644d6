/* What the pages do beyond links and forms. Everything here is an addition: without it, all pages still work. */
(() => {
  "use strict";

  const main = () => document.getElementById("main");
  const cursorOf = (element) => Number(element?.dataset.cursor || 0);
  let newest = 0;

  /* ---- Live: a page that is behind what the stream has told is read again, morphed so that nothing typed is lost. */

  let rereading = null;
  function reread() {
    clearTimeout(rereading);
    rereading = setTimeout(() => {
      htmx.ajax("GET", location.href, {
        source: main(), target: "#main", select: "#main", swap: "outerMorph", push: "false",
      });
    }, 250);
  }

  document.addEventListener("htmx:sse:after:message", ({ detail }) => {
    newest = Math.max(newest, Number(detail.message.id || 0));
    if (main()?.hasAttribute("data-reread")) reread();
  });
  document.addEventListener("resync", reread);
  document.addEventListener("bye", ({ detail }) => {
    if (detail.data === "full") setInterval(() => document.hidden || reread(), 60_000);
  });

  /* ---- After a navigation: where we are, and the title for who does not see the page change. */

  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (cursorOf(main()) < newest) reread();
    for (const link of document.querySelectorAll(".nav a[data-place]")) {
      if (link.dataset.place === main()?.dataset.place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const swap = detail.ctx?.swap || "";
    if (detail.ctx?.target?.id === "main" && swap.startsWith("outerHTML")) {
      document.querySelector("#main h1[tabindex], #main [role=alert]")?.focus({ preventScroll: true });
    }
  });
})();
