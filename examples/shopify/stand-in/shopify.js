// Stands in for what Shopify puts into {{ content_for_header }}: the Customer Privacy API, and a banner that uses it.
(() => {
  const key = "shopify-consent";
  const allowed = () => localStorage.getItem(key) === "yes";
  window.Shopify = {
    loadFeatures(_features, done) {
      Shopify.customerPrivacy = { analyticsProcessingAllowed: allowed };
      done();
    },
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (localStorage.getItem(key)) return;
    const banner = document.createElement("section");
    banner.setAttribute("aria-label", "Cookie consent");
    banner.style.cssText =
      "position:fixed;left:20px;bottom:20px;max-width:min(26em,100vw - 40px);padding:18px 22px;border-radius:14px;background:#fff;box-shadow:0 8px 40px #0003";
    banner.innerHTML =
      '<p style="margin:0 0 12px">We use cookies to see how the shop is used, and to ask about it.</p><button class="button" value="yes">Accept</button> <button class="plain" value="no" style="margin-left:12px">Decline</button>';
    for (const button of banner.querySelectorAll("button"))
      button.addEventListener("click", () => {
        localStorage.setItem(key, button.value);
        banner.remove();
        const detail = { analyticsAllowed: allowed(), marketingAllowed: false, preferencesAllowed: false };
        document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail }));
      });
    document.body.append(banner);
  });
})();
