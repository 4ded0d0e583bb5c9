import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;

const base = { languages: ["en", "de", "pl"], name: "A survey" };
const privacy_url = "https://shop.example/privacy";
const long = {
  en: "How was it?",
  de: "Wie zufrieden waren Sie mit der Kraftfahrzeughaftpflichtversicherungsberatung?",
  pl: "Jak oceniasz naszą najnieprawdopodobniejszą dźwiękonaśladowczość?",
};
const purpose = {
  en: "It helps.",
  de: "Ihre Antwort hilft uns bei der Dienstleistungsverbesserung.",
  pl: "Twoja odpowiedź pomoże nam działać lepiej.",
};

const surveys: Definition[] = [
  {
    ...base,
    id: "three",
    purpose,
    privacy_url,
    questions: [
      { id: "score", type: "nps", title: long, required: true },
      { id: "why", type: "text", title: long, help: "In your words" },
      { id: "more", type: "text", title: "Anything else?", required: true },
    ],
    endings: [{ title: "Thank you!" }],
  },
  {
    ...base,
    id: "one",
    questions: [{ id: "score", type: "nps", title: "How likely?" }],
    endings: [{ title: "Thank you!" }],
  },
  {
    ...base,
    id: "link",
    questions: [{ id: "score", type: "nps", title: "How likely?" }],
    endings: [{ title: "Thank you!", link: { label: "What is new", url: "https://shop.example/new" } } as never],
  },
];

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/shop.js`, "<input id=own>", path.slice(1) || "en"));
  await collector.publish("shop", [origin], surveys);
});

async function open(id: string, options: Parameters<typeof newPage>[0] = {}, language = "") {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(`${origin}/${language}`);
  await ready(page);
  await page.evaluate((id) => window.askwell!("show", id), id);
  await choice(page, 9).waitFor();
  return page;
}
const part = (page: Page, name: string) => panel(page).locator(`[part=${name}]`);

/** What the browser tells screen readers of an element of the survey. */
async function told(page: Page, selector: string) {
  const devtools = await page.context().newCDPSession(page);
  const { result } = await devtools.send("Runtime.evaluate", {
    expression: `document.querySelector("askwell-survey").shadowRoot.querySelector(${JSON.stringify(selector)})`,
  });
  const { nodes } = await devtools.send("Accessibility.getPartialAXTree", {
    objectId: result.objectId!,
    fetchRelatives: false,
  });
  const { role, name, description } = nodes[0]!;
  return { role: role?.value, name: name?.value, description: description?.value ?? "" };
}

test("progress is drawn, and told with the question; with one question there is none", async () => {
  const page = await open("three");
  const share = async () => {
    const [bar, card] = [(await part(page, "progress").boundingBox())!, (await part(page, "panel").boundingBox())!];
    return Math.round((100 * bar.width) / card.width);
  };
  expect((await told(page, "fieldset")).description).toContain("Question 1 of 3");
  expect(await share()).toBe(33);
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
  expect((await told(page, "textarea")).description).toBe("Question 2 of 3 In your words");
  expect(await share()).toBe(66);

  const other = await open("one");
  expect((await told(other, "fieldset")).description).not.toContain("Question");
  expect(await part(other, "progress").isVisible()).toBe(false);
});

test("the panel is a dialog by the name of its question", async () => {
  const page = await open("three");
  expect(await told(page, "[part=panel]")).toMatchObject({ role: "dialog", name: "How was it?" });
});

test("links say that they open a new tab", async () => {
  const page = await open("three");
  expect(await told(page, "[part=link]")).toMatchObject({ role: "link", name: "Privacy (opens in a new tab)" });
  await page.context().route(privacy_url, (route) => route.fulfill({ body: "Privacy" }));
  const [tab] = await Promise.all([page.context().waitForEvent("page"), part(page, "link").click()]);
  expect(tab.url()).toBe(privacy_url);
  expect(await panel(page).count()).toBe(1);
});

test("an ending leaves by itself, unless there is a link in it, or the pointer or the focus on it", async () => {
  const page = await open("one");
  await page.clock.install();
  await choice(page, 9).click();
  await panel(page).getByText("Thank you!").waitFor();
  await page.clock.fastForward(20_000); // the pointer is still on it
  expect(await panel(page).count()).toBe(1);
  await page.mouse.move(5, 5);
  await page.clock.fastForward(1_500);
  await panel(page).waitFor({ state: "detached" });

  const other = await open("link");
  await other.clock.install();
  await choice(other, 9).click();
  await part(other, "link").waitFor();
  await other.mouse.move(5, 5);
  await other.clock.fastForward(600_000);
  expect(await told(other, ".end [part=link]")).toMatchObject({ name: "What is new (opens in a new tab)" });
  await part(other, "close").click();
  await panel(other).waitFor({ state: "detached" });
});

test("the keyboard goes on where it is: to the next question's field, to the way out of the ending, and back to the page", async () => {
  const page = await open("three");
  await page.locator("#own").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const focused = () =>
    panel(page).evaluate((host) => (host.shadowRoot!.activeElement as HTMLElement | null)?.outerHTML.slice(0, 9));
  await expect.poll(focused).toBe("<textarea");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // Back
  await choice(page, 0).waitFor();
  expect(await choice(page, 1).evaluate((radio) => radio.matches(":checked:focus"))).toBe(true);
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement!.id)).toBe("own");
});

test("a finger's tap throws up no keyboard", async () => {
  const page = await open("three", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  await choice(page, 9).tap();
  await panel(page).getByRole("textbox").waitFor();
  expect(await panel(page).evaluate((host) => host.shadowRoot!.activeElement?.localName)).toBe("legend");
});

test.each(["de", "pl"])(
  "long words of %s fit on the narrowest screen, and nothing covers another",
  async (language) => {
    const page = await open(
      "three",
      { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true },
      language,
    );
    await choice(page, 9).click();
    await panel(page).getByRole("textbox").fill("x");
    const card = (await part(page, "panel").boundingBox())!;
    const boxes = await Promise.all(
      [part(page, "back"), part(page, "button"), panel(page).locator("small"), panel(page).getByRole("textbox")].map(
        (one) => one.boundingBox(),
      ),
    );
    const [, button, , field] = boxes;
    expect(button!.x + button!.width).toBe(field!.x + field!.width);
    for (const [i, a] of boxes.entries()) {
      expect(a!.x).toBeGreaterThanOrEqual(card.x);
      expect(a!.x + a!.width).toBeLessThanOrEqual(card.x + card.width);
      for (const b of boxes.slice(i + 1))
        expect(
          a!.x + a!.width <= b!.x || b!.x + b!.width <= a!.x || a!.y + a!.height <= b!.y || b!.y + b!.height <= a!.y,
        ).toBe(true);
    }
    expect(
      await panel(page)
        .locator("form")
        .evaluate((form) => form.scrollWidth - form.clientWidth),
    ).toBe(0);
  },
);
