import type { EventName } from "../../sdk/src/api.ts";
import type { Facts } from "../../sdk/src/condition.ts";
import type { Emit } from "../../sdk/src/emit.ts";
import { cartOf, identity, plain } from "../../sdk/src/facts.ts";
import type { Memory } from "../../sdk/src/memory.ts";
import { post } from "../../sdk/src/post.ts";
import { createQueue, type Queue } from "../../sdk/src/queue.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { Storage } from "../../sdk/src/storage.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import { isPrivate, visitorOf } from "../../sdk/src/visitor.ts";
import type { Cart, Config, Permission, Response } from "../../sdk/src/wire.ts";
import type { Answers } from "./definition.ts";
import { createFace, type Face, type Parts } from "./face.ts";
import type { Late, Panel } from "./faces.ts";
import { oncePainted } from "./painted.ts";
import type { attempt } from "./report.ts";
import { holdTurn } from "./turn.ts";
import type { user } from "./user.ts";

/** What a late part needs of the engine that loaded it. */
export type Host = {
  config: Config;
  base: string;
  /** What the keys of the site's storage begin with. */
  name: string;
  storage: Storage;
  memory: Memory;
  /** One a page: the first late part brings it. */
  queue?: Queue;
  emit: Emit;
  attempt: typeof attempt;
  /** The page's address. */
  here(): URL | Location;
  user: typeof user;
  cart(): Cart | undefined;
  /** Whether the survey may still show, by what is so now. */
  passes(survey: Config["surveys"][number]): boolean;
  /** May not show on this page view, or, passed, could not but may try again. */
  refuse(survey: string, gate: string, value: unknown, passed?: boolean): void;
  gone(): boolean;
  born(): void;
  closed(): void;
  test: true | undefined;
};

/** What only some sites or surveys need beside the face: one file each in late/, joined by the collector where it is used. */
export type Extra = (
  host: Host,
  post: (path: string, body: object, init?: RequestInit) => Promise<globalThis.Response>,
  survey: string,
  trigger: string | undefined,
) => Promise<void>;

/** What puts a survey into an element of the page, whatever its place is: its own file, for few pages do that. */
type Into = typeof import("./into.ts");

// The collector puts these before the face: see collector/catalog/script.go.
declare const askwellLate: Parts & { keep?: Extra; dry?: Extra };

/** How long the collector has to say whether an identified user may be asked. */
const askWithin = 1_500;

/** Shows a survey: a response is born, or goes on where the last page left it, and grows as it is answered. */
export const present: Late["present"] = async (host, late, survey, trigger, asked, going) => {
  const { config, base, name, storage, memory, test } = host;
  const { id } = survey;
  const { hidden, traits: more, into } = asked ?? {};
  const { traits, ...who } = identity(host.user.said, more);
  const explicit = asked || going;
  const say: Parameters<Extra>[1] = (path, body, init) => post(`${base}${config.site}/${path}`, serialize(body)!, init);
  // What fails is tried again with the next survey, or not: the answer does not wait for it.
  const tell = (extra: "keep" | "dry") => void askwellLate[extra]?.(host, say, id, trigger?.type).catch(() => {});

  // One survey at a time over all tabs. While the browser says whether it is our turn, the survey is made: neither
  // waits for the other, and no task is as long as both.
  const hold = () => holdTurn(`${name}:turn`, storage);
  let turning = hold();
  let turn: Awaited<typeof turning>;
  const may = async (): Promise<unknown> => {
    turn = await turning;
    if (host.gone()) return false;
    if (asked && !going) return true;
    if (document.hidden) {
      // It fired, and the visitor turned to another tab: that one may show a survey until this is in view again.
      turn?.();
      await new Promise((resolve) => addEventListener("visibilitychange", resolve, { once: true }));
      turning = hold();
      return may();
    }
    if (going) return memory.read().open?.id === going.id; // else another tab took it on
    if (!turn) return host.refuse(id, "other_tab", "shows a survey");
    if (!host.passes(survey)) return false; // another tab may have shown one meanwhile
    if (!who.user || test) return true;
    // Over all browsers of an identified user the collector knows best. Where it cannot say, nothing shows.
    const reply = await Promise.race([
      say("ask", { survey: id, ...who }).then((reply): Promise<Permission | null> => reply.json()),
      new Promise<null>((resolve) => setTimeout(resolve, askWithin, null)),
    ]).catch(() => null);
    if (!reply?.show) return host.refuse(id, "user", reply?.reason ?? "not known");
    return document.hidden ? may() : host.passes(survey); // the answer took its time
  };

  const dry = survey.dry_run && !explicit;
  const born = (at: number) => {
    memory.update((m) => {
      m.shows = { ...m.shows, [id]: (m.shows?.[id] ?? 0) + 1 };
      // What nobody saw rests itself, as if it had been closed, and no other survey.
      if (dry) m.dismissed = { ...m.dismissed, [id]: at };
      else {
        m.last = at;
        if (!explicit && m.session) m.session.shown++;
      }
    });
    tell("keep");
  };
  const visitor = () => (isPrivate(config) ? undefined : visitorOf(memory));
  if (dry) {
    if ((await may()) && !host.gone()) {
      visitor(); // before it is kept
      host.born();
      born(Date.now());
      tell("dry");
    }
    turn?.();
    return undefined;
  }

  const current: Response = going ?? {
    id: "",
    survey: id,
    version: survey.version,
    seq: 0,
    state: "shown",
    shown_at: 0,
    trigger,
    page: { url: host.here().href.slice(0, 2_000), referrer: document.referrer.slice(0, 2_000) },
    language: late.language,
    ...who,
    traits,
    hidden: plain(hidden, (name, value) => typeof value === late.survey.hidden?.[name] || host.emit("unfit", id, name)),
    cart: cartOf(host.cart()),
    sample: survey.targeting?.sample,
    test,
  };
  const queue = () => (host.queue ??= createQueue(base + config.site, name, storage));
  const save = (change: Partial<Response>) => {
    Object.assign(current, change).seq++;
    if (!config.preview) queue().put(current);
  };
  const guard =
    <Args extends unknown[]>(run: (...args: Args) => void) =>
    (...args: Args) =>
      void host.attempt(() => run(...args));
  const emit = (event: EventName) =>
    host.emit(event, id, { survey: id, response: current.id, answers: { ...current.answers } });
  let told = false;
  /** All that need not be done before the survey is seen; but before all that comes after that. */
  const shown = guard(() => {
    if (told || host.gone()) return; // a survey that destroy() took away before it was painted, nobody saw
    told = true;
    queue(); // sends what an earlier page could not
    if (going) return void memory.update((m) => delete m.open); // not before: a page that is left as it loads has lost nothing
    const at = current.shown_at;
    current.id = uuidv7(at);
    current.visitor = visitor(); // before it is kept
    born(at);
    save({});
    emit("shown");
  });
  const fired = current.trigger?.type;
  /** Gone because the page wanted that, not the visitor. */
  let taken = false;
  let failed = false;
  /** Closed, or skipped to its end. */
  const dismiss = () => {
    const at = Date.now();
    save({ dismissed_at: at });
    if (current.state === "shown") memory.update((m) => (m.dismissed = { ...m.dismissed, [id]: at }));
    tell("keep");
    emit("dismissed");
  };

  const leave = guard(() => {
    if (current.state === "partial" && !current.dismissed_at)
      memory.update((m) => (m.open = { ...current, left: Date.now() }));
  });
  const back = guard(({ persisted }: PageTransitionEvent) => {
    // Back from the browser's cache: unless the survey is still left for us, another page took it on.
    if (!persisted || current.state !== "partial") return;
    const { open: left } = memory.read();
    if (left?.id === current.id && left.seq === current.seq) memory.update((m) => delete m.open);
    else panel.close();
  });
  const panel: Panel = {
    close(dismissed) {
      taken = !dismissed;
      face!.close();
    },
  };
  let face: Face | undefined;
  try {
    face = createFace(
      late,
      into ? ((await import(`${base}a/into.js`)) as Into).put(askwellLate, into) : askwellLate,
      {
        answers: (current.answers ?? {}) as Answers,
        facts: {
          trait: current.traits,
          hidden: current.hidden,
          trigger: fired === "api" ? undefined : fired, // show() is no trigger
          language: late.language,
          cart: current.cart,
        } as Facts,
        trapped() {
          current.trap = true;
        },
        answered: guard((answers, done) => {
          shown();
          const at = Date.now();
          const first = current.state === "shown";
          save({
            answers,
            state: done ? "completed" : "partial",
            completed_at: done ? at : undefined,
          });
          memory.update((m) => {
            m.answered = { [id]: at, ...m.answered }; // the first time stays
            delete m.shows?.[id];
          });
          tell("keep");
          if (first) emit("started");
          emit("answered");
          if (done) emit("completed");
        }),
        skipped: guard(() => {
          shown();
          current.answers = {};
          dismiss();
        }),
        closed: guard((gone) => {
          if (failed) return;
          removeEventListener("pagehide", leave);
          removeEventListener("pageshow", back);
          shown(); // before another tab has its turn
          turn?.();
          host.closed();
          if (!gone && !taken && current.state !== "completed" && !current.dismissed_at) dismiss();
        }),
      },
      config.preview ? "preview" : test ? "test" : "",
    );
    if (!(await may()) || host.gone() || into?.isConnected === false) {
      turn?.();
      return undefined;
    }
    if (!going) current.shown_at = Date.now();
    face.stand();
    // Not before: what finds no place on the page must not keep other surveys away.
    if (!going) host.born();
  } catch (error) {
    failed = true;
    face?.close(); // it may be there in part
    const { name, message } = error as Error;
    host.refuse(id, "place", message, name !== "SyntaxError"); // a selector that is none stays none
    (await turning)?.(); // a page that cannot show it keeps no other tab from it
    throw error;
  }
  oncePainted(shown);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", back);
  return panel;
};
