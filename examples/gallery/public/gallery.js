// Keeps what is called before Askwell's script is there.
window.askwell ||= (...call) => (window.askwell.q ||= []).push(call);

addEventListener("click", ({ target }) => {
  const button = target.closest("[data-show]");
  if (!button) return;
  const { show, type } = button.dataset;
  // One survey is open at a time, and another would wait for it: close it, as its own button does.
  document.querySelector("askwell-survey")?.shadowRoot.querySelector("[part=close]").click();
  document.documentElement.lang = button.lang || "en";
  window.askwell("show", show, { hidden: type ? { type } : {} });
});
