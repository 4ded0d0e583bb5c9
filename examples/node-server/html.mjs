/** HTML from a template: what is put in is escaped, but for other templates and lists of them. */
export function html(parts, ...values) {
  return new Html(parts.reduce((text, part, i) => text + toText(values[i - 1]) + part));
}

class Html {
  constructor(text) {
    this.text = text;
  }
}

function toText(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(toText).join("");
  if (value === false || value === null || value === undefined) return "";
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page of the desk. */
export const page = (title, body) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
<body>${body}</body>
</html>`;
