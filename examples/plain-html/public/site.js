// The site's own script. Calls made before Askwell's has come wait in the stub.
window.askwell =
  window.askwell ||
  function () {
    (askwell.q = askwell.q || []).push(arguments);
  };

/** What the visitor chose: "yes", "no", or nothing yet. */
const chosen = () => localStorage.getItem("larch:consent");

/** Said on every page view; nothing is said of who has not chosen yet. */
function sayConsent() {
  if (chosen()) askwell("consent", chosen() === "yes");
}
sayConsent();

// What the page hears of, by the id of the survey.
askwell("on", "completed", (survey) => console.info("thank you for", survey));

document.addEventListener("DOMContentLoaded", () => {
  const banner = document.getElementById("consent");
  const reconsider = document.getElementById("reconsider");
  const draw = () => {
    banner.hidden = !!chosen();
    reconsider.hidden = !chosen();
  };
  draw();
  for (const button of banner.querySelectorAll("[data-consent]"))
    button.addEventListener("click", () => {
      localStorage.setItem("larch:consent", button.dataset.consent);
      sayConsent();
      draw();
    });
  reconsider.addEventListener("click", () => {
    localStorage.removeItem("larch:consent");
    askwell("consent", false); // forgets all that Askwell stored
    draw();
    banner.querySelector("button").focus();
  });

  document.getElementById("booking")?.addEventListener("submit", (event) => {
    event.preventDefault(); // a real site would send it
    const form = new FormData(event.target);
    document.getElementById("done").textContent = `Thank you, ${form.get("name")}. We will write to you.`;
    askwell("show", "booking", { hidden: { nights: Number(form.get("nights")) } });
  });
});
