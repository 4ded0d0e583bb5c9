// Between the app and Askwell. The app calls askwellApp() to say who the user is, and which survey to show; it is
// told, as {type, survey}, when the page is ready, and when the survey was shown, answered, completed, dismissed,
// or could not be shown. An error without a survey is the page's own.
window.askwell =
  window.askwell ||
  function () {
    (askwell.q = askwell.q || []).push(arguments);
  };
document.documentElement.lang = navigator.language; // the app's: the survey shows in it

window.askwellApp = ({ user, traits, signature, survey, hidden }) => {
  document.documentElement.classList.add("in-app"); // which has a header of its own
  if (user) askwell("identify", user, traits, signature);
  askwell("show", survey, { hidden });
};

/** Posts to the message handler "askwell" of a WKWebView, or to the JavascriptInterface "AskwellAndroid". */
function tellApp(type, survey) {
  const message = JSON.stringify({ type, survey });
  window.webkit?.messageHandlers?.askwell?.postMessage(message);
  window.AskwellAndroid?.postMessage(message);
}

for (const type of ["shown", "answered", "completed", "dismissed", "error"]) {
  askwell("on", type, (survey) => tellApp(type, survey));
}
document.addEventListener("DOMContentLoaded", () => tellApp("ready"));
