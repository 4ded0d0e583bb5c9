import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { type Example, startExample } from "./example.ts";
import { choice, leaveThroughTop, newPage, panel, ready, root, useBrowser } from "./harness.ts";
import { stored } from "./moment.ts";

// The plugin in a real WordPress, with a real database under it.

const folder = `${root}examples/wordpress`;
const plugin = `${folder}/plugin/askwell`;

useBrowser();
let example: Example;
let data: string;
/** What PHP runs in this WordPress, beside its web server. */
let php: (code: string) => string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "askwell-wordpress-spec-"));
  const env = { WP_DATA: data, WP_SALT: "of the spec" };
  example = await startExample("wordpress", env);
  php = (code) =>
    execFileSync(
      "php",
      ["-r", `$_SERVER['HTTP_HOST'] = 'localhost'; require '${folder}/dist/wordpress/wp-load.php'; ${code}`],
      {
        env: { ...process.env, ...env, WP_URL: example.page.replace(/\/$/, "") },
        encoding: "utf8",
      },
    );
}, 120_000); // where WordPress is not there yet, Debian's packages have to come

const phpString = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;

async function visit(path: string, { consent = true, user = "" } = {}): Promise<Page & { complaints: string[] }> {
  const page = await newPage();
  if (consent) await page.context().addCookies([{ name: "wp_consent_statistics", value: "allow", url: example.page }]);
  if (user) {
    // Not through the form: WordPress's own script takes the focus to the name 200 ms after it loads, amid the password.
    const form = { log: user, pwd: "askwell" };
    const reply = await page.request.post(`${example.page}wp-login.php`, { form });
    expect(reply.url()).toMatch(/wp-admin/);
  }
  await page.goto(example.page + path);
  return page;
}

test("a survey stands in the article where its shortcode does, once the visitor has agreed", async () => {
  const page = await visit("glaze/", { consent: false });
  await ready(page);
  expect(await panel(page).count()).toBe(0);
  expect(await stored(page)).toEqual([]);
  await page.getByRole("button", { name: "Yes" }).click();
  await page
    .locator(".entry-content [data-askwell-survey='article'] askwell-survey")
    .locator("legend", { hasText: "Was this article useful?" })
    .waitFor();
  await choice(page, 4).click();
  await panel(page).getByRole("textbox").fill("Raku");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  const answered = { state: "completed", answers: { useful: 4, more: "Raku" }, trigger: { type: "api" } };
  await expect.poll(() => example.responses("article")).toMatchObject([answered]);
  expect((await example.responses("article"))[0]!.user).toBeUndefined();
  expect(page.complaints).toEqual([]);
  // The tag is what it should be, in a WordPress that knows no "async" of its own.
  const script = page.locator("#askwell-js");
  expect(await script.getAttribute("async")).toBe("");
  expect(await script.getAttribute("src")).toBe(`${example.collector}/w/wordpress.js`);
});

test("a user's response carries id, role and a signature that the collector believes; the block is as good as the shortcode", async () => {
  const page = await visit("wedging/", { user: "reader" });
  await choice(page, 2).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  // The site requires signed users: one that is wrong would be anonymous.
  await expect
    .poll(async () => (await example.responses("article")).find(({ answers }) => answers?.useful === 2))
    .toMatchObject({ state: "completed", user: "2", traits: { role: "subscriber" } });
  expect(page.complaints).toEqual([]);
});

test("WooCommerce's cart and order reach the page: who leaves is asked why, who orders how it was", async () => {
  const page = await visit("cart/");
  await ready(page);
  await leaveThroughTop(page);
  await choice(page, "delivery").click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => example.responses("leaving"))
    .toMatchObject([{ state: "completed", cart: { value: 58, currency: "EUR", items: 2 } }]);
  await page.getByRole("link", { name: "Order" }).click();
  await choice(page, 10).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await expect
    .poll(() => example.responses("order"))
    .toMatchObject([{ state: "completed", answers: { nps: 10 }, trigger: { type: "conversion", reason: "purchase" } }]);
  // It is told once, however often the page is loaded; another order is another purchase.
  const purchase = 'askwell("track","purchase"';
  await page.reload();
  await ready(page);
  expect(await page.content()).not.toContain(purchase);
  await page.goto(`${example.page}order-received/?order=7`);
  expect(await page.content()).toContain(purchase);
});

test("where several posts of a list have the same survey, it stands in the first, and no id is there twice", async () => {
  const content = '[askwell survey="article"]<!-- wp:askwell/survey {"survey":"article"} /-->';
  const post = {
    post_name: "list",
    post_title: "List",
    post_content: content,
    post_type: "page",
    post_status: "publish",
  };
  php(`wp_insert_post(wp_slash(json_decode(${phpString(JSON.stringify(post))}, true)));`);
  const page = await visit("list/");
  await page.locator("[data-askwell-survey] askwell-survey legend", { hasText: "Was this article useful?" }).waitFor();
  expect(await page.locator("[data-askwell-survey]").count()).toBe(1);
  const html = await (await page.request.get(`${example.page}list/`)).text();
  expect(html.match(/data-askwell-survey="article"/g)).toHaveLength(2);
  expect(html).not.toContain('id="askwell-article"');
  expect(page.complaints).toEqual([]);
});

test("settings: what cannot be is refused, the secret is never shown, and only who may gets in", async () => {
  const settings = "wp-admin/options-general.php?page=askwell";
  const page = await visit(settings, { user: "ada" });
  const site = page.getByLabel("Id of the site");
  const secret = page.getByLabel("Secret");
  const save = () => page.getByRole("button", { name: "Save Changes" }).click();
  expect(await secret.inputValue()).toBe("");
  expect(await secret.getAttribute("placeholder")).toBe("is set");

  // Past the browser's own check.
  await page.locator("form").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await site.fill('"><script>alert(1)</script>');
  await page.getByLabel("Address of the collector").fill("javascript:alert(1)");
  await save();
  await page.getByText("small letters, digits").waitFor();
  await page.getByText("has to begin with https://").waitFor();
  expect(await site.inputValue()).toBe("wordpress");
  expect(await page.getByLabel("Address of the collector").inputValue()).toBe(example.collector);
  expect(await secret.getAttribute("placeholder")).toBe("is set"); // an empty field keeps it

  const stored = () => JSON.parse(php('echo wp_json_encode(get_option("askwell"));')) as Record<string, unknown>;
  const forged = { option_page: "askwell", action: "update", "askwell[site]": "another" };
  const reply = await page.request.post(`${example.page}wp-admin/options.php`, { form: forged }); // without a nonce
  expect(reply.status()).toBe(403);
  expect(stored()).toMatchObject({ site: "wordpress", identify: true });

  await page.getByLabel("Forget it").check();
  await page.getByLabel("Responses carry").uncheck();
  await save();
  await page.getByText("Settings saved.").waitFor();
  expect(stored()).toMatchObject({ site: "wordpress", identify: false, secret: "" });
  await page.goto(`${example.page}glaze/`);
  expect(await page.content()).not.toContain('askwell("identify"');

  const reader = await visit("glaze/", { user: "reader" });
  expect((await reader.goto(example.page + settings))!.status()).toBe(403);
}, 90_000); // a dozen of WordPress's own pages

test("nothing in a call leaves its script element, and a shortcode of no survey tells the editors alone", () => {
  expect(php('echo askwell_call("identify", "</script><b>&", (object) array());')).toBe(
    'askwell("identify","\\u003C\\/script\\u003E\\u003Cb\\u003E\\u0026",{});',
  );
  const shortcode = (survey: string) => php(`echo do_shortcode('[askwell survey="${survey}"]');`);
  expect(shortcode("x onclick=alert(1)")).toBe("");
  expect(shortcode("nps")).toContain('data-askwell-survey="nps"');
  expect(php("wp_set_current_user(1); echo do_shortcode('[askwell]');")).toContain("has no survey");
});

test("every text can be translated, PHP has nothing to complain of, and uninstalling leaves no settings", async () => {
  const texts = await readFile(`${plugin}/languages/askwell.pot`, "utf8");
  const files = (await readdir(plugin, { recursive: true })).filter((name) => /\.(php|js)$/.test(name));
  const said = await Promise.all(files.map((file) => readFile(join(plugin, file), "utf8")));
  const marked = said.flatMap((text) => [...text.matchAll(/(?:__|_e)\(\s*(['"])(.+?)\1,\s*['"]askwell['"]/g)]);
  expect(marked.length).toBeGreaterThan(10);
  for (const [, , text] of marked) expect(texts).toContain(`msgid "${text}"`);

  php('trigger_error("askwell/ of the spec");'); // so that it is known that complaints come there
  const log = await readFile(join(data, "php.log"), "utf8");
  const complaints = log.split("\n").filter((line) => line.includes("askwell/"));
  expect(complaints).toEqual([expect.stringContaining("askwell/ of the spec")]);

  // As WordPress does where somebody deletes the plugin, but for the files.
  php('require_once ABSPATH . "wp-admin/includes/plugin.php"; uninstall_plugin("askwell/askwell.php");');
  expect(php('var_dump(get_option("askwell"));')).toContain("bool(false)");
});
