// Tells Askwell what the visitor allows, and shows the surveys that stand in the page. It is decided here rather
// than in PHP, so that a cached page is right for everybody. The stub of askwell() is there before.
(() => {
  const category = window.askwellConsent;
  // What the WP Consent API, where it is installed, knows. Of who has not chosen yet nothing is said: what the page
  // asks for meanwhile waits.
  const has = () => window.wp_has_consent?.(category);
  const agree = () => has() && window.askwell("consent", true);
  agree();
  document.addEventListener("wp_consent_type_defined", agree);
  document.addEventListener("wp_listen_for_consent_change", ({ detail }) => {
    if (category in detail) window.askwell("consent", has());
  });

  // Once each: several posts of a list may have the same.
  const shown = new Set();
  for (const into of document.querySelectorAll("[data-askwell-survey]")) {
    const survey = into.dataset.askwellSurvey;
    if (shown.has(survey)) into.remove();
    else window.askwell("show", survey, { into });
    shown.add(survey);
  }
})();
