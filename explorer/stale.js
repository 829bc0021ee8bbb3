// An answer whose boxes were changed is not shown any more: it belongs to what stood there before.
// Bound once to the document: Streamlit draws the elements anew, and an answer anew is in sight again.
(() => {
  if (window.mynaStale) return;
  window.mynaStale = true;
  document.addEventListener("input", (event) => {
    for (const answer of document.querySelectorAll("[data-boxes]")) {
      const isOfIt = event.target.closest(`[class*="st-key-${answer.dataset.boxes}"]`);
      if (isOfIt) answer.dataset.outdated = "1";
    }
  });
})();
