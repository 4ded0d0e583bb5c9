import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { type Example, startExample } from "./example.ts";
import { choice, cleanups, newPage, panel, root, useBrowser } from "./harness.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("node-server");
}, 120_000); // npm ci

const responses = () => example.responses("support-ces");
const desk = (page: { getByRole: Awaited<ReturnType<typeof newPage>>["getByRole"] }, agent: string) =>
  page.getByRole("article", { name: agent });

test("by mail: links that are only looked at record nothing; one tap and a button do, once, by agent", async () => {
  const page = await newPage();
  await page.goto(`${example.page}conversations/c-1041`);
  await page.getByRole("button", { name: "Close, and ask by mail" }).click();
  await page.getByText("Asked in a mail").waitFor();
  const [asked] = await responses();
  expect(asked).toMatchObject({
    state: "shown",
    channel: "email",
    hidden: { agent: "Ada", conversation: "c-1041" },
    answers: {},
  });

  await page.goto(`${example.page}outbox/0`);
  const links = await page.getByRole("link").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links).toHaveLength(7);
  // What looks for dangerous mail opens all of them.
  for (const link of links) expect((await fetch(link)).status).toBe(200);
  expect(await responses()).toEqual([asked]);
  // Another conversation's number, and a signature that is not ours.
  const [first] = links as [string];
  const forged = await fetch(first.replace(/\.[\w-]+\?/, `.${"A".repeat(43)}?`), {
    method: "POST",
    body: "ces=1&why=",
  });
  expect([forged.status, await forged.text()]).toEqual([403, expect.stringContaining("does not work")]);
  const headers = (await fetch(first)).headers;
  expect([headers.get("Referrer-Policy"), headers.get("Cache-Control")]).toEqual(["no-referrer", "no-store"]);

  await page.getByRole("link", { name: "6", exact: true }).click();
  expect(await page.getByRole("radio", { name: "6" }).isChecked()).toBe(true);
  await page.getByRole("textbox").fill("Finding <you>");
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/node-server-answer.png` });
  await page.getByRole("button", { name: "Send to Ada" }).click();
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  expect(await responses()).toMatchObject([
    { id: asked!.id, state: "completed", channel: "email", answers: { ces: 6, why: "Finding <you>" } },
  ]);
  // A second thought, with the same link: still one response.
  await page.goto(links[2]!);
  await page.getByRole("button", { name: "Send to Ada" }).click();
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  expect(await responses()).toMatchObject([{ id: asked!.id, answers: { ces: 3 }, hidden: { agent: "Ada" } }]);

  await page.goto(example.page);
  expect((await desk(page, "Ada").innerText()).split(/\n+/)).toEqual(["Ada", "3.0 of 7", "1 of 1 answered"]);
  expect(page.complaints).toEqual([]);
});

test("in the chat: the customer's page asks, with agent and conversation", async () => {
  const customer = await newPage();
  await customer.goto(`${example.page}chat/c-1044`);
  await customer.getByText("<within a week>").waitFor();
  expect(await customer.locator("script").count()).toBe(0); // nothing of Askwell before

  const agent = await newPage();
  await agent.goto(`${example.page}conversations/c-1044`);
  await agent.getByRole("button", { name: "ask in the chat" }).click();
  await agent.getByText("Asked in the chat").waitFor();
  await customer.reload();
  await choice(customer, 2).click();
  await panel(customer).getByRole("textbox").fill("Waiting");
  await panel(customer).getByRole("button", { name: "Send" }).click();
  await panel(customer).getByText("Thank you!").waitFor();
  await expect
    .poll(async () => (await responses()).find(({ channel }) => channel === "web"))
    .toMatchObject({ answers: { ces: 2, why: "Waiting" }, hidden: { agent: "Chidi", conversation: "c-1044" } });

  await agent.goto(`${example.page}conversations/c-1044`);
  expect(await desk(agent, "Chidi").innerText()).toContain("2.0 of 7");
  if (process.env.SCREENSHOTS) {
    await agent.screenshot({ path: `${process.env.SCREENSHOTS}/node-server-desk.png` });
    await customer.screenshot({ path: `${process.env.SCREENSHOTS}/node-server-chat.png` });
  }
  // On a phone the chat keeps clear of both edges, as the desk does.
  await customer.setViewportSize({ width: 360, height: 740 });
  expect(await customer.locator("main").boundingBox()).toMatchObject({ x: 16, width: 328 });
  if (process.env.SCREENSHOTS) await customer.screenshot({ path: `${process.env.SCREENSHOTS}/node-server-phone.png` });
  expect([...agent.complaints, ...customer.complaints]).toEqual([]);
});

test("whatever comes in, the desk goes on: addresses that are none, forms that are too long, and who hangs up", async () => {
  const { port } = new URL(example.page);
  /** Says something over a connection, and returns the first that is answered. */
  const say = async (text: string) => {
    const socket = connect(Number(port), "localhost");
    socket.write(text);
    const [said] = (await once(socket, "data")) as [Buffer];
    socket.resetAndDestroy();
    return said.toString();
  };
  expect(await say("GET // HTTP/1.1\r\nHost: desk\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  const half =
    "POST /conversations/c-1043/close HTTP/1.1\r\nHost: desk\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\nask";
  expect(await say(half)).toMatch(/^HTTP\/1.1 100 /);
  const post = (why: string) =>
    fetch(`${example.page}conversations/c-1043`, {
      method: "POST",
      body: new URLSearchParams({ why }),
      redirect: "manual",
    });
  expect((await post("x".repeat(65_000))).status).toBe(303);
  expect((await post("x".repeat(65_536))).status).toBe(413);
  expect((await fetch(`${example.page}outbox/length`)).status).toBe(404);
  expect((await fetch(example.page)).status).toBe(200);
});

test("where the collector did not answer, nobody was asked; another try asks, and is the same response", async () => {
  // Between the desk and the collector: what is said arrives, but no answer comes back.
  let away = true;
  const { hostname, port } = new URL(example.collector);
  const between = createServer((socket) => {
    const collector = connect(Number(port), hostname);
    socket.on("error", () => collector.destroy()).pipe(collector);
    collector.on("error", () => socket.destroy());
    if (away) collector.once("data", () => socket.destroy());
    else collector.pipe(socket);
  });
  const listening = async (server: typeof between) => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    return (server.address() as AddressInfo).port;
  };
  const host = `http://127.0.0.1:${await listening(between)}`;
  const probe = createServer();
  const free = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  const env = { ...process.env, ASKWELL_HOST: host, ASKWELL_SITE: "node-server", ASKWELL_KEY: example.key };
  const desk = spawn("node", [`${root}examples/node-server/server.mjs`], {
    env: { ...env, PORT: String(free) },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(desk, "exit");
  cleanups.push(async () => {
    desk.kill();
    await ended;
    between.close();
  });
  await once(desk.stdout, "data");

  const url = `http://localhost:${free}/`;
  const ask = async () => {
    const body = new URLSearchParams({ ask: "email" });
    return (await fetch(`${url}conversations/c-1042/close`, { method: "POST", body, redirect: "manual" })).status;
  };
  const asked = async () => (await responses()).filter(({ hidden }) => hidden?.conversation === "c-1042");
  expect(await ask()).toBe(502);
  expect(await asked()).toHaveLength(1); // which the desk does not know
  away = false;
  expect(await (await fetch(`${url}outbox`)).text()).toContain("Nothing was sent yet.");
  expect(await ask()).toBe(303);
  expect(await (await fetch(`${url}conversations/c-1042`)).text()).toContain("Outbox (1)");
  expect(await asked()).toHaveLength(1);
}, 30_000); // the desk's client tries five times, for some seconds

test("a program that is missing is named, and nothing stays behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "askwell-node-server-spec-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const env = { ...process.env, PATH: folder, TMPDIR: folder, PORT: "0", ASKWELL_PORT: "0" };
  const run = promisify(execFile)(process.execPath, [`${root}examples/start.mjs`, "node-server"], { env });
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("there is no npm here") });
  expect(await readdir(folder)).toEqual([]);
});
