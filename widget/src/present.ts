import type { Api, EventName, Traits } from "../../sdk/src/api.ts";
import type { Facts } from "../../sdk/src/logic.ts";
import { post } from "../../sdk/src/post.ts";
import { createQueue, type Queue } from "../../sdk/src/queue.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { Storage } from "../../sdk/src/storage.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import type { Cart, Config, Permission, Response } from "../../sdk/src/wire.ts";
import type { Answers } from "./definition.ts";
import { mount, type Parts } from "./face.ts";
import type { Late } from "./faces.ts";
import type { Memory } from "./memory.ts";
import { holdTurn } from "./turn.ts";
import { isPrivate, visitorOf } from "./visitor.ts";

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
  emit(event: EventName, survey: string): void;
  /** What identify() was given. */
  user(): Parameters<Api["identify"]> | [];
  cart(): Cart | undefined;
  /** Whether the survey may still show, by what is so now. */
  passes(survey: Config["surveys"][number]): boolean;
  refuse(survey: string, gate: string, value: unknown): void;
  gone(): boolean;
  born(): void;
  closed(): void;
  test: true | undefined;
  /** By survey, what show() passed for it. */
  hidden: Record<string, Response["hidden"]>;
};

/** What only some sites or surveys need beside the face: one file each in late/, joined by the collector where it is used. */
export type Extra = (
  host: Host,
  post: (path: string, body: object, init?: RequestInit) => Promise<globalThis.Response>,
  survey: string,
  trigger: string | undefined,
) => Promise<void>;

// The collector puts these before the face: see collector/catalog/script.go.
declare const askwellLate: Parts & { keep?: Extra; dry?: Extra };

/** How long the collector has to say whether an identified user may be asked. */
const askWithin = 1_500;

/** Shows a survey: a response is born, or goes on where the last page left it, and grows as it is answered. */
export const present: Late["present"] = async (host, late, survey, trigger, asked, going) => {
  const { config, base, name, storage, memory, emit, test } = host;
  const { id } = survey;
  const queue = (host.queue ??= createQueue(base + config.site, name, storage));
  const { traits, ...who } = identity(...host.user());
  const explicit = asked || going;
  const say: Parameters<Extra>[1] = (path, body, init) => post(`${base}${config.site}/${path}`, serialize(body)!, init);
  // What fails is tried again with the next survey, or not: the answer does not wait for it.
  const tell = (extra: "keep" | "dry") => void askwellLate[extra]?.(host, say, id, trigger?.type).catch(() => {});

  // One survey at a time over all tabs; another may have shown one while we waited for our turn.
  const turn = await holdTurn(`${name}:turn`, storage);
  const may = async () => {
    if (explicit) return true;
    if (!turn) return void host.refuse(id, "other_tab", "shows a survey");
    if (!host.passes(survey)) return false;
    if (!who.user || test) return true;
    // Over all browsers of an identified user the collector knows best. Where it cannot say, nothing shows.
    const reply = await Promise.race([
      say("ask", { survey: id, ...who }).then((reply): Promise<Permission | null> => reply.json()),
      new Promise<null>((resolve) => setTimeout(resolve, askWithin, null)),
    ]).catch(() => null);
    if (!reply?.show) return void host.refuse(id, "user", reply?.reason ?? "not known");
    return host.passes(survey); // the answer took its time
  };
  if (!(await may()) || host.gone()) {
    turn?.();
    return undefined;
  }

  const now = Date.now();
  const visitor = isPrivate(config) ? undefined : visitorOf(memory); // before it is kept
  const dry = survey.dry_run && !explicit;
  /** Once it is seen: what finds no place on the page must not keep other surveys away. */
  const born = () => {
    host.born();
    memory.update((m) => {
      m.shows = { ...m.shows, [id]: (m.shows?.[id] ?? 0) + 1 };
      // What nobody saw rests itself, as if it had been closed, and no other survey.
      if (dry) m.dismissed = { ...m.dismissed, [id]: now };
      else {
        m.last = now;
        if (!explicit && m.session) m.session.shown++;
      }
    });
    tell("keep");
  };
  if (dry) {
    born();
    tell("dry");
    turn?.();
    return undefined;
  }

  const current: Response = going ?? {
    id: uuidv7(now),
    survey: id,
    version: survey.version,
    seq: 0,
    state: "shown",
    shown_at: now,
    trigger,
    page: { url: location.href.slice(0, 2_000), referrer: document.referrer.slice(0, 2_000) },
    language: late.language,
    visitor,
    ...who,
    traits,
    hidden: plain(host.hidden[id], (name, value) => typeof value === late.survey.hidden?.[name]),
    cart: cartOf(host.cart()),
    sample: survey.targeting?.sample,
    test,
  };
  const save = (change: Partial<Response>) => {
    Object.assign(current, change).seq++;
    if (!config.preview) queue.put(current);
  };
  const fired = current.trigger?.type;
  /** Gone because the page wanted that, not the visitor. */
  let taken = false;

  const leave = () => {
    if (current.state === "partial") memory.update((m) => (m.open = { ...current, left: Date.now() }));
  };
  const back = ({ persisted }: PageTransitionEvent) => {
    // Back from the browser's cache: unless the survey is still left for us, another page took it on.
    if (!persisted || current.state !== "partial") return;
    const { open: left } = memory.read();
    if (left?.id === current.id && left.seq === current.seq) memory.update((m) => delete m.open);
    else panel.close();
  };
  let close: () => void;
  try {
    close = mount(
      late,
      askwellLate,
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
        answered(answers, done) {
          const at = Date.now();
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
          emit("answered", id);
          if (done) emit("completed", id);
        },
        closed(gone) {
          removeEventListener("pagehide", leave);
          removeEventListener("pageshow", back);
          turn?.();
          host.closed();
          if (gone || taken || current.state === "completed") return;
          const at = Date.now();
          save({ dismissed_at: at });
          if (current.state === "shown") memory.update((m) => (m.dismissed = { ...m.dismissed, [id]: at }));
          tell("keep");
          emit("dismissed", id);
        },
      },
      config.preview ? "preview" : test ? "test" : "",
    );
  } catch (error) {
    turn?.(); // a page that cannot show it keeps no other tab from it
    throw error;
  }
  const panel = {
    close(dismissed?: boolean) {
      taken = !dismissed;
      close();
    },
  };
  addEventListener("pagehide", leave);
  addEventListener("pageshow", back);
  if (going)
    memory.update((m) => delete m.open); // not before: a page that is left as it loads has lost nothing
  else {
    born();
    save({});
    emit("shown", id);
  }
  return panel;
};

/** What the page said of the user, in the shape that the collector takes; what does not fit is left out. */
function identity(id?: unknown, about?: Traits, signature?: unknown): Pick<Response, "user" | "user_sig" | "traits"> {
  // A page whose visitor is logged out may say undefined, null, false or an empty text.
  const word = (said: unknown, longest: number) =>
    said && fits(said) ? `${said as string}`.slice(0, longest) : undefined;
  return { user: word(id, 200), user_sig: word(signature, 64), traits: plain(about) };
}

const fits = (said: unknown) => /^(string|number|boolean)$/.test(typeof said);

/** Strings, numbers and booleans by name, as many and as long as the collector takes. */
const plain = (
  said: Response["traits"],
  takes: (name: string, value: unknown) => boolean = () => true,
): Response["traits"] =>
  said &&
  Object.fromEntries(
    Object.entries(said)
      .filter(([name, value]) => fits(value) && takes(name, value))
      .slice(0, 50)
      .map(([name, value]) => [name.slice(0, 60), typeof value === "string" ? value.slice(0, 200) : value]),
  );

/** The cart in the shape that the collector takes: a response is worth more than its cart. */
function cartOf(cart: Cart | undefined): Cart | undefined {
  if (!cart) return undefined;
  const { value, items, currency } = cart;
  return { value: Number(value) || 0, items: Number(items) || 0, currency: currency && `${currency}`.slice(0, 3) };
}
