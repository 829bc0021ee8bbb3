// What buttons inside drawn HTML do: copy the address, print; and Enter in the search box checks.
// Bound once to the document: Streamlit draws the elements anew.
(() => {
  if (window.mynaActions) return;
  window.mynaActions = true;
  const copyOldWay = (text) => {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const isDone = document.execCommand("copy");
    box.remove();
    return isDone;
  };
  const copy = async (button) => {
    const text = button.dataset.copy;
    let isDone = false;
    try {
      await navigator.clipboard.writeText(text);
      isDone = true;
    } catch {
      isDone = copyOldWay(text);
      button.focus();
    }
    const said = button.closest(".share").querySelector(".said");
    said.textContent = isDone ? button.dataset.done : button.dataset.failed;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if (button.dataset.print) window.print();
    else copy(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    if (event.target.matches(".st-key-q input, .st-key-os input")) {
      // After the box has handed over its text.
      setTimeout(() => document.querySelector(".st-key-ask button")?.click(), 0);
    }
  });
})();
