import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Question } from "../../sdk/src/wire.ts";
import { everyType } from "./every-type.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { goOn, shown } from "./look.ts";
import { plainPage } from "./surveys.ts";

// What a screen reader is told: read from the browser's accessibility tree.

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() =>
    plainPage(`${collector.url}/w/shop.js`, "<input id=own aria-label=Own><div id=here></div>"),
  );
  const { questions } = everyType();
  const themed = (id: string, theme: object) => everyType({ id, theme, questions: questions.slice(1, 4) });
  await collector.publish(
    "shop",
    [origin],
    [
      everyType(),
      themed("bar", { position: "bar" }),
      themed("modal", { position: "modal" }),
      themed("page", { position: "page" }),
      themed("inline", { position: "inline", selector: "#here" }),
      everyType({
        id: "problems",
        questions: [
          {
            ...(questions.find(({ id }) => id === "multi") as Extract<Question, { type: "multi_choice" }>),
            required: true,
            min: 2,
          },
          { ...(questions.find(({ id }) => id === "email") as Extract<Question, { type: "email" }>), required: true },
        ],
        endings: [{ title: "Thank you!", link: { label: "Our blog", url: "https://shop.example/blog" } }],
      }),
    ],
  );
});

/** A node of the tree, as a screen reader has it. */
type Heard = { role: string; name: string; description?: string; [property: string]: unknown };

async function open(id: string, title: string) {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.goto(origin);
  await ready(page);
  await page.evaluate((id) => window.askwell!("show", id), id);
  await shown(page, title);
  return page;
}

/** What the survey is in the accessibility tree, from the panel down; text and what has no meaning left out. */
async function hear(page: Page): Promise<Heard[]> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send("Accessibility.getFullAXTree");
  const { root } = await devtools.send("DOM.getDocument", { depth: -1, pierce: true });
  await devtools.detach();
  type Node = { backendNodeId: number; localName?: string; children?: Node[]; shadowRoots?: Node[] };
  const ours = new Set<number>();
  const visit = (node: Node, inside: boolean): void => {
    if (inside) ours.add(node.backendNodeId);
    for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])])
      visit(child, inside || node.localName === "askwell-survey");
  };
  visit(root as Node, false);
  return nodes
    .filter(({ ignored, backendDOMNodeId, role }) => {
      const meaning = !/^(generic|none|StaticText|InlineTextBox|LabelText|MenuListPopup)$/.test(
        `${role?.value as string}`,
      );
      return !ignored && backendDOMNodeId !== undefined && ours.has(backendDOMNodeId) && meaning;
    })
    .map(({ role, name, description, properties }) => ({
      ...Object.fromEntries((properties ?? []).map((property) => [property.name, property.value.value])),
      role: `${role?.value as string}`,
      name: `${(name?.value as string | undefined) ?? ""}`.trim(),
      description: description?.value as string | undefined,
    }));
}

const named = (heard: Heard[], ...roles: string[]) =>
  heard.filter(({ role }) => roles.includes(role)).map(({ name }) => name);

test("every type of question: what it is, what it asks, what each control is called, and how far it is", async () => {
  const page = await open("every-type", "NPS?");
  // Of each: the role and the name of what is answered, and the controls in order.
  const choices = (role: string, ...names: string[]) => names.map((name) => `${role} ${name}`);
  const expected: Record<string, [asked: string, controls: (string | RegExp)[]]> = {
    "NPS?": ["radiogroup", choices("radio", "0 Not likely", ..."123456789".split(""), "10 Very likely")],
    "CSAT?": ["radiogroup", choices("radio", "1 Very bad", "2 Bad", "3 Neither", "4 Good", "5 Very good")],
    "CES?": ["radiogroup", choices("radio", "1 Very difficult", ..."23456".split(""), "7 Very easy")],
    "Rating?": ["radiogroup", choices("radio", "1 Poor", "2", "3", "4", "5 Great")],
    "Thumbs?": ["radiogroup", choices("radio", "Yes", "No")],
    "Single?": ["radiogroup", choices("radio", "Choice A", "Choice B")],
    "Multi?": ["group", choices("checkbox", "Choice A", "Choice B", "Choice C")],
    "Dropdown?": ["combobox", ["combobox Dropdown?"]],
    "Picture?": ["radiogroup", choices("radio", "Red", "Blue")],
    "Ranking?": ["group", [/^button Move Choice A down$/, /^button Move Choice B up$/, /^button Move Choice C up$/]],
    "Matrix?": ["group", choices("radio", "Choice A", "Choice B", "Choice A", "Choice B")],
    "Date?": ["Date", [/^Date Date\?$/]],
    "Text?": ["textbox", ["textbox Text?"]],
    "Email?": ["textbox", ["textbox Email?", "checkbox You may write to me."]],
    "Contact?": ["group", choices("textbox", "Name", "Phone")],
    "Statement.": ["group", []],
  };
  let title: string | undefined = "NPS?";
  let n = 0;
  for (const [wanted, [asked, controls]] of Object.entries(expected)) {
    expect(title).toBe(wanted);
    const heard = await hear(page);
    expect(named(heard, "dialog"), wanted).toEqual([wanted]);
    const answered = heard.find(({ role, name }) => role === asked && name === wanted);
    expect(answered, `${asked} ${wanted} in ${JSON.stringify(heard)}`).toBeTruthy();
    expect(answered!.description, wanted).toContain(`Question ${++n} of 16`);
    // Nothing that takes the focus has no name; nothing else is to be seen or heard than the controls and these.
    const all = heard.filter(({ role, focusable }) => focusable && !/^(dialog|option|legend)$/i.test(role));
    const around = /^(button (Back|Next|Send|Skip|Understood|Close)|LegendTitle .*)$/;
    const inside = all
      .map(({ role, name }) => `${role} ${name}`)
      .filter((one) => !around.test(one) && !/^(spinbutton|popupbutton|button Show date)/i.test(one));
    expect(
      all.filter(({ name }) => !name),
      wanted,
    ).toEqual([]);
    for (const control of controls)
      expect(inside, wanted).toEqual(
        expect.arrayContaining([typeof control === "string" ? control : expect.stringMatching(control)]),
      );
    if (asked !== "group" || wanted === "Multi?" || wanted === "Matrix?")
      expect(
        inside.filter((one) => !/^group|^Date/.test(one)),
        wanted,
      ).toEqual(controls.filter((one) => typeof one === "string"));
    expect(named(heard, "button"), wanted).toContain("Close");
    expect(named(heard, "contentinfo", "banner", "main", "navigation")).toEqual([]); // the page's landmarks stay the page's
    title = await goOn(page);
    if (title === wanted) throw new Error(`${wanted} does not go on`);
  }
  expect(page.complaints).toEqual([]);
});

test("what is required, what explains it, and the progress belong to the question", async () => {
  const page = await open("every-type", "NPS?");
  const asked = async (role: string) => (await hear(page)).find((one) => one.role === role)!;
  const nps = await asked("radiogroup");
  expect(nps).toMatchObject({ name: "NPS?", required: true });
  for (const words of ["Question 1 of 16", "Be frank.", "Not likely", "Very likely"])
    expect(nps.description).toContain(words);
  await choice(page, 9).click();
  await shown(page, "CSAT?");
  expect((await asked("radiogroup")).required ?? false).toBe(false);
  expect((await asked("radiogroup")).description).toContain("Question 2 of 16");
});

test.each([
  ["bar", "dialog", false],
  ["modal", "dialog", true],
  ["page", "dialog", true],
  ["inline", "dialog", false],
])("%s is a %s, modal: %s", async (id, role, modal) => {
  const page = await open(id, "CSAT?");
  const card = (await hear(page)).find((one) => one.role === role)!;
  expect([card.name, !!card.modal]).toEqual(["CSAT?", modal]);
});

/** The text of a live region each time that it changes. */
async function listen(page: Page, role: string): Promise<() => Promise<string[]>> {
  const key = `heard ${role}`;
  await page.evaluate(
    ([role, key]) => {
      const { shadowRoot } = document.querySelector("askwell-survey")!;
      const heard: string[] = [];
      Object.assign(window, { [key!]: heard });
      const hear = () => {
        const e = shadowRoot!.querySelector(role === "alert" ? "[role=alert]" : "output, [role=status]");
        const text = e?.textContent?.trim() ?? "";
        if (text && text !== heard.at(-1)) heard.push(text);
      };
      new MutationObserver(hear).observe(shadowRoot!, { childList: true, subtree: true, characterData: true });
      hear();
    },
    [role, key],
  );
  return () => page.evaluate((key) => (window as unknown as Record<string, string[]>)[key]!, key);
}

test("it is announced as it comes, and its ending; by a region that was there and empty before", async () => {
  const page = await open("every-type", "NPS?");
  const status = await listen(page, "status");
  const region = (await hear(page)).find(({ role }) => role === "status")!;
  expect(region).toMatchObject({ live: "polite", name: "" });
  await expect.poll(status).toEqual(["Short survey: NPS?"]);
  await choice(page, 9).click();
  let title: string | undefined = "CSAT?";
  await shown(page, title);
  while (title !== undefined) title = await goOn(page);
  await expect.poll(async () => (await status()).at(-1)).toContain("Thank you!");
  expect((await status()).at(-1)).toContain("We read every answer.");
  const heard = await hear(page);
  expect(heard.find(({ role }) => role === "status")).toMatchObject({ live: "polite" });
  expect(named(heard, "dialog")).toEqual(["Thank you!"]);
  expect(await panel(page).getByText("Question 16 of 16").isVisible()).toBe(false);
});

test("who is in the survey hears the next question by the focus, once", async () => {
  const page = await open("every-type", "NPS?");
  const status = await listen(page, "status");
  await expect.poll(status).toEqual(["Short survey: NPS?"]);
  await choice(page, 9).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await shown(page, "CSAT?");
  const focused = (await hear(page)).filter(({ focused }) => focused);
  // The radio is in the group that has the question's name: a screen reader says both.
  expect(focused.map(({ role }) => role)).toContain("radio");
  expect(await status()).toEqual(["Short survey: NPS?"]);
});

test("a problem is announced once, is told of the field, and goes as it is put right", async () => {
  const page = await open("problems", "Multi?");
  const alert = await listen(page, "alert");
  const group = async () => (await hear(page)).find(({ role, name }) => role === "group" && name === "Multi?")!;
  expect((await group()).invalid ?? "false").toBe("false");
  const next = panel(page).getByRole("button", { name: "Next" });
  await next.click();
  expect(await alert()).toEqual([expect.stringMatching(/\S/)]);
  const [said] = await alert();
  expect(await group()).toMatchObject({
    invalid: "true",
    description: expect.stringContaining(said!),
  });
  expect((await hear(page)).find(({ focused, role }) => focused && role === "checkbox")).toMatchObject({
    name: "Choice A",
  });
  await page.keyboard.press("Space");
  expect((await group()).invalid ?? "false").toBe("false");
  await next.click();
  expect((await alert()).at(-1)).toBe("Choose at least 2 answers.");
  await choice(page, "b").click();
  await next.click();

  const field = async () => (await hear(page)).find(({ role, name }) => role === "textbox" && name === "Email?")!;
  await shown(page, "Email?");
  expect(await field()).toMatchObject({ required: true });
  await panel(page).getByRole("textbox").fill("nobody");
  await panel(page).getByRole("checkbox").check();
  await panel(page).getByRole("button", { name: "Send" }).click();
  expect((await alert()).at(-1)).toContain("name@example.com");
  const wrong = (await hear(page)).filter(({ invalid }) => invalid === "true");
  expect(wrong.length).toBeGreaterThan(0);
  expect(wrong.some(({ description }) => description?.includes("name@example.com"))).toBe(true);
});

test("a link says that it opens a new tab, and the survey waits for whoever reads it", async () => {
  const page = await open("problems", "Multi?");
  for (const value of ["a", "b"]) await choice(page, value).click();
  await panel(page).getByRole("button", { name: "Next" }).click();
  await panel(page).getByRole("textbox").fill("ann@shop.example");
  await panel(page).getByRole("checkbox").check();
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  const link = (await hear(page)).find(({ role }) => role === "link")!;
  expect(link.name).toMatch(/^Our blog.*opens in a new tab/);
  expect(await panel(page).getByRole("link").getAttribute("rel")).toContain("noopener");
});

test("in forced colours what is chosen, and the focus, can be told apart", async () => {
  const page = await open("every-type", "NPS?");
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await choice(page, 3).focus();
  await page.keyboard.press("Space");
  const [chosen, other] = await Promise.all(
    [3, 4].map((value) =>
      choice(page, value).evaluate((radio) => {
        const { backgroundColor, color, outlineStyle } = getComputedStyle(radio.nextElementSibling!);
        return { backgroundColor, color, outlineStyle };
      }),
    ),
  );
  expect(chosen!.backgroundColor).not.toBe(other!.backgroundColor);
  expect(chosen!.color).not.toBe(chosen!.backgroundColor);
  expect([chosen!.outlineStyle, other!.outlineStyle]).toEqual(["solid", "none"]);
});
