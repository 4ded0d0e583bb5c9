// Liquid as Shopify has it: its own filters beside the language's, on files of a theme.
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { Liquid } from "liquidjs";

export function createLiquid(theme, globals) {
  const liquid = new Liquid({
    root: [join(theme, "templates"), join(theme, "layout")],
    partials: join(theme, "snippets"),
    extname: ".liquid",
    globals, // what every snippet sees, also one that is rendered by itself
    ownPropertyOnly: true,
  });
  // Shopify's: as Rails writes JSON, nothing in it ends a script element.
  const unicode = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  liquid.registerFilter("json", (value) => JSON.stringify(value ?? null).replace(/[<>&\u2028\u2029]/g, unicode));
  liquid.registerFilter("hmac_sha256", (text, secret) =>
    createHmac("sha256", secret).update(String(text)).digest("hex"),
  );
  // Prices are hundredths of a unit.
  liquid.registerFilter("money", (price) => globals.shop.money_format.replace("{{amount}}", (price / 100).toFixed(2)));
  liquid.registerFilter("asset_url", (file) => `/cdn/assets/${file}`);
  liquid.registerFilter("stylesheet_tag", (url) => `<link href="${url}" rel="stylesheet" type="text/css" media="all">`);
  return liquid;
}
