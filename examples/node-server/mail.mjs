// The mail that asks, and the link in it. The link carries all that its answer needs, signed: nobody can answer for
// another conversation, and the desk keeps nothing.
import { createHmac, timingSafeEqual } from "node:crypto";
import { html } from "./html.mjs";

const days = 30;
const sign = (secret, text) => createHmac("sha256", secret).update(text).digest();

export function signLink(secret, asked) {
  const text = JSON.stringify({ ...asked, until: Date.now() + days * 86_400_000 });
  return `${Buffer.from(text).toString("base64url")}.${sign(secret, text).toString("base64url")}`;
}

/** What was asked, or undefined where the link is not ours, or too old. */
export function readLink(secret, token) {
  const [text, signature] = token.split(".").map((part) => Buffer.from(part, "base64url"));
  if (signature?.length !== 32 || !timingSafeEqual(signature, sign(secret, text))) return undefined;
  const { until, ...asked } = JSON.parse(text.toString());
  return until > Date.now() ? asked : undefined;
}

/** The mail, as programs for mail want it: a table, and no style sheet. One tap on a number opens the page to send it. */
export const mail = ({ customer, agent, subject }, link) => html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>How did ${agent} do?</title>
<body style="margin:0;background:#eef2f1;font:16px/1.5 Arial,sans-serif;color:#12292b">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="480" cellpadding="0" cellspacing="0" style="max-width:100%;background:#fff;border-radius:12px"><tr><td style="padding:32px">
<p style="margin:0 0 16px">Hello ${customer},</p>
<p style="margin:0 0 20px">${agent} has closed your conversation “${subject}”. <b>How easy was it to get your problem solved?</b></p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="4"><tr>
${[1, 2, 3, 4, 5, 6, 7].map(
  (
    points,
  ) => html`<td align="center" style="background:#e3f0ef;border-radius:8px"><a href="${link}?ces=${points}" style="display:block;padding:10px 0;color:#0f5e63;font-weight:bold;text-decoration:none">${points}</a></td>
`,
)}</tr></table>
<table role="presentation" width="100%"><tr><td style="font-size:13px;color:#56706f">Very difficult</td><td align="right" style="font-size:13px;color:#56706f">Very easy</td></tr></table>
<p style="margin:24px 0 0;font-size:13px;color:#56706f">Harbour Supplies. The link is for you alone, and works for ${days} days.</p>
</td></tr></table></td></tr></table></body></html>`;
