// A custom pixel: in Shopify's admin, Settings, Customer events, Add custom pixel; paste this, save, connect.
// It runs in a frame that may draw nothing and whose requests come from no origin, so it asks nothing by itself. But it
// hears of orders, on the thank-you page too, and may write to the storage of the shop's own origin: it leaves word
// there, and the snippet asks on the shop's next page. The key goes when the visitor takes consent back.
const SITE = "shopify"; // the site's id, as in its site.yaml

analytics.subscribe("checkout_completed", async ({ data: { checkout } }) => {
  const order = {
    id: checkout.order?.id ?? checkout.token,
    value: checkout.totalPrice?.amount,
    currency: checkout.currencyCode,
    at: Date.now(),
  };
  await browser.localStorage.setItem(`askwell:${SITE}:order`, JSON.stringify(order));
});
