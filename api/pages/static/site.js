// The design system's scripts, on each page and on each part that htmx puts into one.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

initAll();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});
