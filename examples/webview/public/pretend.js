// Stands in for the app, where the page is tried in a browser. Not to be copied.
if (location.search === "?pretend") {
  const heard = document.querySelector("#heard");
  window.AskwellAndroid = {
    postMessage(message) {
      heard.append(Object.assign(document.createElement("li"), { textContent: message }));
      if (JSON.parse(message).type !== "ready") return;
      askwellApp({
        user: "u-42",
        traits: { name: "Noor" },
        survey: "after-hike",
        hidden: { hike: "h-7", app_version: "3.2.0" },
      });
    },
  };
}
