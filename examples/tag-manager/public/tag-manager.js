// Stands in for Google's gtm.js, which only Google's servers have: reads container.json, the file to import, and
// does with it what gtm.js would. A real page has Tag Manager's own snippet here, and neither of these files.
const { containerVersion: container } = await (await fetch("container.json")).json();

/** What the data layer has said until now, and which consent it gave. */
const model = {};
const consent = {};

const parameter = ({ parameter }, key) => parameter.find((one) => one.key === key).value;

/** The value of a variable of the container: a constant, or one of the data layer. */
function variable(name) {
  const found = container.variable.find((one) => one.name === name);
  return found.type === "c" ? parameter(found, "value") : model[parameter(found, "name")];
}

/** A value within quotes of a script. */
const quoted = (value) => JSON.stringify(String(value)).slice(1, -1).replaceAll("'", "\\'").replaceAll("<", "\\x3c");

/** All Pages, which every container knows by this number; or a custom event of the container. */
function fires(triggerId, event) {
  if (triggerId === "2147479553") return event === "gtm.js";
  const [{ parameter }] = container.trigger.find((one) => one.triggerId === triggerId).customEventFilter;
  return parameter[1].value === event;
}

const allowed = ({ consentSettings: { consentStatus, consentType } }) =>
  consentStatus !== "NEEDED" || consentType.list.every(({ value }) => consent[value] === "granted");

/** Puts a tag's HTML at the end of the page; its scripts have to be made anew to run. */
function inject(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const old of template.content.querySelectorAll("script")) {
    const script = document.createElement("script");
    script.text = old.text;
    old.replaceWith(script);
  }
  document.body.append(template.content);
}

function hear(entry) {
  if (entry[0] === "consent") Object.assign(consent, entry[2]);
  if (!entry.event) return;
  Object.assign(model, entry);
  for (const tag of container.tag)
    if (tag.firingTriggerId.some((id) => fires(id, entry.event)) && allowed(tag))
      inject(parameter(tag, "html").replace(/{{(.+?)}}/g, (_, name) => quoted(variable(name))));
}

const layer = (window.dataLayer ??= []);
const push = layer.push;
const before = [...layer];
layer.push = (...entries) => {
  const length = push.apply(layer, entries);
  entries.forEach(hear);
  return length;
};
before.forEach(hear);
layer.push({ event: "gtm.js" });
