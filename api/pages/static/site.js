// The design system's scripts, on each page and on each part that htmx puts into one.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

initAll();

// A button that copies the words of an element; without scripts it is not there, and one copies by hand.
function offerCopying(root) {
  for (const button of root.querySelectorAll("[data-app-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = document.getElementById(button.dataset.appCopy);
      await navigator.clipboard.writeText(words.innerText.trim());
      document.getElementById(`${words.id}-copied`).textContent = "Copied";
    });
  }
}
offerCopying(document);
document.addEventListener("htmx:load", (event) => offerCopying(event.detail.elt));
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});
