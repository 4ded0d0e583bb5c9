// Starts on this machine what a server would run: the collector shut in as in its image (no root, no capabilities,
// nothing that it can write to but its data), and Caddy with TLS in front of it and of a page. The ports are
// ASKWELL_PORT (8080), HTTPS_PORT (8443) and, of the page, PORT (3000); 0 is any that is free. When all answers, it
// prints one line: ready, the page's address, the collector's, and its key.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { addressOf, createPrograms } from "../programs.mjs";

const execute = promisify(execFile);
const folder = import.meta.dirname;
const binary = join(folder, "../../collector/dist/askwell");
const key = `ask_${randomBytes(24).toString("hex")}`;
const temporary = await mkdtemp(join(tmpdir(), "askwell-self-host-"));
const data = join(temporary, "data");
/** Caddy's own authority, which browsers do not know. */
const authority = join(temporary, "caddy/pki/authorities/local/root.crt");

const { run, stop } = createPrograms("self-host", () => rm(temporary, { recursive: true, force: true }));

try {
  if (!existsSync(binary)) throw new Error(`there is no ${binary}: run make build first`);
  const [port, http, https] = await Promise.all(
    [process.env.PORT ?? 3000, 0, process.env.HTTPS_PORT ?? 8443].map(freePort),
  );
  const page = `https://localhost:${port}/`;
  const collector = await startCollector();
  await apply(collector, page);
  await startCaddy(collector, {
    HTTP_PORT: http,
    HTTPS_PORT: https,
    ASKWELL_DOMAIN: "localhost",
    SHOP_DOMAIN: `localhost:${port}`,
  });
  await Promise.all([answers(page), answers(`https://localhost:${https}/readyz`)]);
  console.log(
    `The collector's own name is https://localhost:${https}. Browsers warn of both: their authority is ${authority}`,
  );
  console.log("ready", page, collector, key);
} catch (error) {
  console.error(`examples/self-host: ${error.message}`);
  await stop(1);
}

/** Starts the collector, and returns its address. */
async function startCollector() {
  await mkdir(data);
  const address = `127.0.0.1:${process.env.ASKWELL_PORT ?? 8080}`;
  const serve = ["serve", "--addr", address, "--trusted-proxies", "127.0.0.1/32", "--db"];
  const env = { ...process.env, ASKWELL_ADMIN_KEY: key };
  const child = (await has("bwrap"))
    ? await runShutIn([...serve, "askwell.db"], env)
    : runOpenly([...serve, join(data, "askwell.db")], env);
  return (await addressOf(child)).replace("localhost", "127.0.0.1");
}

/** Runs it where there is nothing but the program and its data, as in the image. */
async function runShutIn(args, env) {
  const files = [
    "--ro-bind",
    binary,
    "/askwell",
    "--bind",
    data,
    "/data",
    "--tmpfs",
    "/tmp",
    "--proc",
    "/proc",
    "--remount-ro",
    "/",
  ];
  const rights = [
    "--unshare-user",
    "--uid",
    "65532",
    "--gid",
    "65532",
    "--cap-drop",
    "ALL",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
  ];
  const life = ["--as-pid-1", "--new-session", "--die-with-parent", "--info-fd", "3", "--chdir", "/data"];
  let pid;
  const child = run("bwrap", [...files, ...rights, ...life, "/askwell", ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    // bwrap that is told to end kills what it runs: the collector itself is told, and finishes.
    end: () => process.kill(pid ?? child.pid),
  });
  pid = (await json(child.stdio[3]))["child-pid"];
  return child;
}

function runOpenly(args, env) {
  console.log(
    "There is no bwrap here (on Debian: apt-get install bubblewrap), so the collector runs with all your rights.",
  );
  return run(binary, args, { env, stdio: ["ignore", "pipe", "inherit"] });
}

/** askwell apply, with the page's origin, which the file cannot know. */
async function apply(collector, page) {
  const copy = join(temporary, "askwell");
  await cp(join(folder, "askwell"), copy, { recursive: true });
  const site = join(copy, "site.yaml");
  await writeFile(site, (await readFile(site, "utf8")).replace("https://localhost:3000", new URL(page).origin));
  const env = { ...process.env, ASKWELL_KEY: key, ASKWELL_SERVER: collector };
  await execute(binary, ["apply", copy], { env }).catch(({ stdout, stderr }) => {
    throw new Error(`askwell apply said:\n${stdout}${stderr}`);
  });
}

/** Starts Caddy with the two files, which a server would have on two machines. */
async function startCaddy(collector, settings) {
  if (!(await has("caddy", "version"))) throw new Error("there is no caddy here (on Debian: apt-get install caddy)");
  const config = join(temporary, "Caddyfile");
  const files = ["Caddyfile", "shop.Caddyfile"].map((name) => readFile(join(folder, name), "utf8"));
  await writeFile(config, (await Promise.all(files)).join("\n"));
  const env = {
    ...process.env,
    ...settings,
    ASKWELL_UPSTREAM: new URL(collector).host,
    SHOP_ROOT: join(folder, "public"),
    XDG_DATA_HOME: temporary, // its authority and certificates
    XDG_CONFIG_HOME: temporary,
  };
  run("caddy", ["run", "--config", config, "--adapter", "caddyfile"], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
  }).stderr.resume();
}

/** Waits until an address answers, under a certificate of Caddy's authority. */
async function answers(url) {
  for (;;) {
    const ca = await readFile(authority).catch(() => undefined);
    const ok = await new Promise((resolve) =>
      get(url, { ca }, (reply) => resolve(reply.resume().statusCode === 200)).on("error", () => resolve(false)),
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function has(program, question = "--version") {
  return execute(program, [question]).then(
    () => true,
    () => false,
  );
}

/** The port, or for 0 one that is free now: Caddy is told its ports. */
async function freePort(port) {
  const server = createServer().listen(Number(port), "localhost");
  await once(server, "listening");
  const free = server.address().port;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
