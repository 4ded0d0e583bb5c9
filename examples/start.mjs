// Starts an example, from the top of the repository: node examples/start.mjs NAME (or: make example NAME=…).
// A collector with a temporary database, the example's site and surveys in it, and the example's pages, at the
// ports in ASKWELL_PORT (8080) and PORT (3000); 0 is any that is free. When all answers, it prints one line:
// ready, the pages' address, the collector's, and its key. Of an example that is a program, npm runs SCRIPT (start).
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { addressOf, createPrograms } from "./programs.mjs";

const folder = import.meta.dirname;
const binary = join(folder, "../collector/dist/askwell");
const has = (name, file) => existsSync(join(folder, name, file));
/** Those that the collector serves itself: the demo's. */
const demos = ["shop", "gallery"];

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

const name = process.argv[2] ?? "";
const isExample = (one) => has(one, "askwell") && (has(one, "package.json") || has(one, "public"));
const names = readdirSync(folder).filter(isExample);
if (!names.includes(name))
  fail(`${name ? `there is nothing to start in examples/${name}.` : "which example?"} There are: ${names.join(", ")}`);
if (!existsSync(binary)) fail(`there is no ${binary}: run make build first`);

const key = `ask_${randomBytes(24).toString("hex")}`;
const data = await mkdtemp(join(tmpdir(), "askwell-example-"));
const { run, stop } = createPrograms(name, () => rm(data, { recursive: true, force: true }));

try {
  // One that brings its own collector.
  if (has(name, "start.mjs")) run(process.execPath, [join(folder, name, "start.mjs")], { stdio: "inherit" });
  else {
    const demo = demos.includes(name);
    const collector = await startCollector(demo);
    const page = demo ? `${collector}/${name}/` : await startPages(collector);
    console.log("ready", page, collector, key);
  }
} catch (error) {
  console.error(`examples/${name}: ${error.message}`);
  await stop(1);
}

/** Runs the collector, and returns its address. */
async function startCollector(demo) {
  const address = `localhost:${process.env.ASKWELL_PORT ?? 8080}`;
  const args = ["serve", "--addr", address, "--db", join(data, "askwell.db"), "--log-level", "warn"];
  if (demo) args.push("--demo");
  const env = { ...process.env, ASKWELL_ADMIN_KEY: key };
  return addressOf(run(binary, args, { env, stdio: ["ignore", "pipe", "inherit"] }));
}

/** Applies the example's site and surveys, starts its pages, and returns their address. */
async function startPages(collector) {
  const npm = has(name, "package.json");
  const port = npm ? await freePort() : await serveStatic(collector);
  const page = `http://localhost:${port}/`;
  const site = await apply(collector, [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
  if (!npm) return page;
  await install();
  const env = { ...process.env, PORT: String(port), ASKWELL_HOST: collector, ASKWELL_KEY: key, ASKWELL_SITE: site };
  const script = process.env.SCRIPT ?? "start";
  const child = run("npm", ["run", "--silent", script], {
    cwd: join(folder, name),
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  while (!(await answers(page))) {
    if (child.exitCode !== null) throw new Error(`npm run ${script} has ended`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return page;
}

/** askwell apply, and the pages' origins, which its file cannot know; returns the site's id. */
async function apply(collector, origins) {
  const env = { ...process.env, ASKWELL_KEY: key, ASKWELL_SERVER: collector };
  await promisify(execFile)(binary, ["apply", join(folder, name, "askwell")], { env }).catch(({ stdout, stderr }) => {
    throw new Error(`askwell apply said:\n${stdout}${stderr}`);
  });
  const authorised = { Authorization: `Bearer ${key}` };
  const { items } = await (await fetch(`${collector}/v1/sites`, { headers: authorised })).json();
  const site = items[0].site;
  const reply = await fetch(`${collector}/v1/sites/${site}`, { headers: authorised });
  const changed = await fetch(`${collector}/v1/sites/${site}`, {
    method: "PUT",
    headers: { ...authorised, "Content-Type": "application/json", "If-Match": reply.headers.get("ETag") },
    body: JSON.stringify({ ...(await reply.json()), origins }),
  });
  if (!changed.ok) throw new Error(`the collector did not take the pages' origins: ${await changed.text()}`);
  return site;
}

/** npm ci, unless that was done since the lock file changed. */
async function install() {
  const changed = (file) =>
    stat(join(folder, name, file)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  if ((await changed("node_modules/.package-lock.json")) >= (await changed("package-lock.json"))) return;
  const child = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: join(folder, name),
    stdio: ["ignore", 2, 2],
    ends: true,
  });
  await new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== 0) throw new Error("npm ci failed");
}

/** Serves public/ and returns the port. In its texts, the address that the files call the collector by becomes the real one. */
async function serveStatic(collector) {
  const root = join(folder, name, "public");
  const server = createServer(async (request, reply) => {
    if (!URL.canParse(request.url, "http://localhost")) return void reply.writeHead(400).end();
    const { pathname } = new URL(request.url, "http://localhost"); // without any ..
    const file = join(root, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const body = await readFile(file).catch(() => undefined);
    if (!body) return void reply.writeHead(404, { "Content-Type": "text/plain" }).end("There is no such page.\n");
    const type = types[extname(file)] ?? "application/octet-stream";
    reply.writeHead(200, { "Content-Type": type });
    reply.end(/^text|json/.test(type) ? body.toString().replaceAll("http://localhost:8080", collector) : body);
  });
  return listen(server, Number(process.env.PORT ?? 3000));
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", () => resolve(server.address().port));
  });
}

/** PORT, or one that is free now: an example that is a program of its own is told its port. */
async function freePort() {
  const port = Number(process.env.PORT ?? 3000);
  const server = createServer();
  const free = await listen(server, port);
  await new Promise((resolve) => server.close(resolve));
  return free;
}

async function answers(url) {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function fail(why) {
  console.error(`examples/start.mjs: ${why}`);
  process.exit(1);
}
