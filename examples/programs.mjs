// The programs that an example consists of: they end with the one that started them, and end it where they end themselves.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** name is for messages; clean, what is left to do once all have ended. */
export function createPrograms(name, clean) {
  const running = new Map(); // a program, and how it is told to end
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));

  /**
   * Runs a program, in a process group of its own: what ends this one from the keyboard is not for it, and it may
   * leave children behind, as npm does. With ends, it is meant to end; end tells it to, in place of a signal to the group.
   */
  function run(program, args, { ends, end = (child) => process.kill(-child.pid), ...options }) {
    const child = spawn(program, args, { ...options, detached: true });
    running.set(child, end);
    child.once("error", ({ code, message }) => {
      running.delete(child); // it never started
      console.error(`examples/${name}: ${code === "ENOENT" ? `there is no ${program} here` : message}`);
      stop(1);
    });
    child.once("exit", (code) => {
      running.delete(child);
      if (ends || stopping) return;
      console.error(`examples/${name}: ${program} has ended (${code})`);
      stop(1);
    });
    return child;
  }

  /** Ends all of them, and then this one. */
  async function stop(code) {
    if (stopping) return;
    stopping = true;
    await Promise.all(
      [...running].map(([child, end]) => {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        try {
          end(child);
        } catch {
          return undefined; // it never started, or is just ending
        }
        return ended;
      }),
    );
    await clean();
    process.exit(code);
  }

  return { run, stop };
}

/** The address that a collector prints when it has started. */
export async function addressOf(collector) {
  for await (const line of createInterface({ input: collector.stdout })) {
    const url = /http:\/\/[^/\s]+/.exec(line)?.[0];
    if (!url) continue;
    collector.stdout.resume(); // so that it never blocks on a full pipe
    return url;
  }
  throw new Error("the collector did not start");
}
