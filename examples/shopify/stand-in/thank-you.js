// What Shopify does around a pixel's frame: tells it of events, and runs what it asks for in the page's own storage.
addEventListener("message", async ({ data: { ask, storage, method, args }, source }) => {
  if (ask === "events") source.postMessage({ event: JSON.parse(document.getElementById("event").textContent) }, "*");
  else if (storage) source.postMessage({ ask, value: window[storage][method](...args) }, "*");
});
