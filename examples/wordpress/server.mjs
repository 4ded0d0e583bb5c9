// A whole WordPress in a temporary database of MariaDB, with the plugin in it, at http://localhost:$PORT/.
// Started by examples/start.mjs. Its users are ada, who may do everything, and reader; the password of both is WP_PASSWORD (askwell).
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const { PORT, ASKWELL_HOST, ASKWELL_KEY, ASKWELL_SITE } = process.env;
const folder = import.meta.dirname;
process.env.PATH += ":/usr/sbin"; // where Debian has mariadbd
execFileSync(join(folder, "fetch.sh"), { stdio: ["ignore", 2, 2] });

// The secret that proves the users, as `askwell secret` makes one.
const reply = await fetch(`${ASKWELL_HOST}/v1/sites/${ASKWELL_SITE}/secret`, {
  method: "POST",
  headers: { Authorization: `Bearer ${ASKWELL_KEY}` },
});
if (!reply.ok) throw new Error(`the collector made no secret: ${await reply.text()}`);
const { secret } = await reply.json();

// For this user alone, as the socket in it. Whoever names a folder may look into it, with the same environment.
const data = process.env.WP_DATA ?? mkdtempSync(join(tmpdir(), "askwell-wordpress-"));
const children = [];
let ending = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end(0));

const env = {
  ...process.env,
  WP_DATA: data,
  WP_URL: `http://localhost:${PORT}`,
  WP_SALT: process.env.WP_SALT ?? randomBytes(32).toString("hex"),
  WP_PASSWORD: process.env.WP_PASSWORD ?? "askwell",
  ASKWELL_SECRET: secret,
  PHP_CLI_SERVER_WORKERS: "3", // a page asks for several files at once
};
mkdirSync(join(data, "db"));
// Without tables of privileges, which nobody needs who can reach the socket: it starts at once in an empty folder.
run("mariadbd", [
  "--no-defaults",
  `--datadir=${data}/db`,
  `--user=${userInfo().username}`,
  `--socket=${data}/socket`,
  "--skip-networking",
  "--skip-grant-tables",
  "--innodb-log-file-size=8M",
  "--innodb-flush-log-at-trx-commit=0", // thrown away at the end
]);
const install = spawnSync("php", [join(folder, "install.php")], { env, stdio: ["ignore", 2, 2] });
if (install.error) console.error(`install.php: ${install.error.message}`);
if (install.status !== 0) await end(1);
run("php", ["-q", "-S", `localhost:${PORT}`, "-t", join(folder, "dist/wordpress")]);

/** Runs a program until this one ends; it ends this one when it ends itself. */
function run(program, args) {
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = (said + chunk).slice(-4_000);
  });
  child.once("error", ({ message }) => {
    console.error(`${program} did not start: ${message}`);
    end(1);
  });
  child.once("exit", (code, signal) => {
    if (!ending && signal !== "SIGTERM" && signal !== "SIGINT")
      console.error(`${program} has ended (${code}):\n${said}`);
    end(1);
  });
}

async function end(code) {
  if (ending) return;
  ending = true;
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    running.map((child) => {
      child.kill();
      return new Promise((resolve) => child.once("exit", resolve));
    }),
  );
  rmSync(data, { recursive: true, force: true });
  process.exit(code);
}
