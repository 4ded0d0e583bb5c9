// A support desk that asks how easy it was to get help (CES), and shows that by agent.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { AskwellError, createClient, newId } from "@askwell/sdk/server";
import { conversations } from "./conversations.mjs";
import { mail, readLink, signLink } from "./mail.mjs";
import { answerPage, chatPage, deskPage, outboxPage, saidPage } from "./pages.mjs";

const { ASKWELL_HOST: host, ASKWELL_SITE: site, ASKWELL_KEY: key, PORT: port = "3000" } = process.env;
const secret = process.env.LINK_SECRET ?? randomBytes(32).toString("hex"); // keep one, or links end with the program
const askwell = createClient({ host, site, key });
const survey = "support-ces";
/** Mails that went out. A real desk sends them. */
const outbox = [];
/** The longest form that is read, in bytes. */
const longest = 64 * 1024;

/** A conversation is over: the customer is asked, in a mail or in the chat. */
async function close(conversation, way) {
  if (conversation.asked) return;
  if (way === "email") await sendMail(conversation); // in the chat, the page shows the survey: see chatPage
  conversation.asked = way; // only now: where the mail did not go out, the agent can try again
}

async function sendMail(conversation) {
  const { agent, id: about } = conversation;
  // Made once, and in the link: whatever is tapped, and how often, and however often the desk tries, it is one response,
  // of which the mail is the beginning.
  conversation.response ??= newId();
  const id = conversation.response;
  await askwell.send(survey, { id, state: "shown", hidden: { agent, conversation: about } }, { channel: "email" });
  if (conversation.asked) return; // another click was quicker
  const link = `http://localhost:${port}/answer/${signLink(secret, { id, agent, conversation: about })}`;
  outbox.push({ to: conversation.email, body: mail(conversation, link) });
}

/** The answer behind a link; another one later replaces it, as its seq is higher. */
async function answer({ id, agent, conversation }, form) {
  const why = (form.get("why") ?? "").trim();
  const answers = { ces: Number(form.get("ces")), ...(why && { why }) };
  await askwell.send(survey, { id, seq: Date.now(), answers, hidden: { agent, conversation } }, { channel: "email" });
}

/** Every agent's score, and how many of those who were asked have answered. */
async function scores() {
  const by = ["hidden.agent"];
  const [{ groups = [] }, funnel] = await Promise.all([
    askwell.scores(survey, { by, min_n: 1 }),
    askwell.funnel(survey, { by }),
  ]);
  const steps = new Map(funnel.groups?.map((group) => [group.by["hidden.agent"], group.total]));
  return groups.map(({ by, total }) => ({ agent: by["hidden.agent"], ...total, asked: steps.get(by["hidden.agent"]) }));
}

/** What a request is answered with: [status, what, type or place]. */
async function route(method, path, query, form) {
  const [, place, name = "", act] = path.split("/");
  const conversation = conversations.find(({ id }) => id === name);
  const post = method === "POST";
  if (path === "/style.css") return [200, await readFile(new URL("public/style.css", import.meta.url)), "text/css"];
  if (path === "/") return [200, deskPage(conversations, conversations[0], await scores(), outbox.length)];
  if (path === "/outbox") return [200, outboxPage(outbox)];
  const sent = outbox.find((_, i) => String(i) === name);
  if (place === "outbox" && sent) return [200, sent.body];
  if (place === "chat" && conversation) return [200, chatPage(conversation, host, site)];
  if (place === "conversations" && conversation) {
    if (!post) return [200, deskPage(conversations, conversation, await scores(), outbox.length)];
    if (act === "close") await close(conversation, form.get("ask"));
    return [303, "", `/conversations/${name}`];
  }
  if (place === "answer") {
    const asked = readLink(secret, name);
    if (!asked)
      return [403, saidPage("This link does not work (any more).", "It may be cut off, or older than 30 days.")];
    // A GET records nothing: programs that look for dangerous mail follow every link in it.
    if (!post) return [200, answerPage(asked, Number(query.get("ces")))];
    await answer(asked, form);
    return [200, saidPage("Thank you!", `${asked.agent} will read it. With the same link you can change your answer.`)];
  }
  return [404, saidPage("There is no such page.", "")];
}

/** The form that was posted, or undefined where it is too long. It is read to its end: who sends hears no answer before. */
async function readForm(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= longest) chunks.push(chunk);
  }
  return size <= longest ? new URLSearchParams(Buffer.concat(chunks).toString()) : undefined;
}

async function answerTo(request) {
  const { method, url } = request;
  if (!URL.canParse(url, "http://localhost")) return [400, saidPage("That is no address.", "")];
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const form = await readForm(request);
  if (!form) return [413, saidPage("That is too long.", "Please write less.")];
  return route(method, pathname, searchParams, form);
}

createServer(async (request, reply) => {
  let answered;
  try {
    answered = await answerTo(request);
  } catch (error) {
    if (request.errored) return; // who asked is gone
    console.error(error.message);
    const refused = error instanceof AskwellError && error.code === "invalid";
    answered = [
      refused ? 422 : 502,
      saidPage("That did not work.", refused ? error.message : "Please try again later."),
    ];
  }
  const [status, what, more = "text/html"] = answered;
  const headers = status === 303 ? { Location: more } : { "Content-Type": `${more}; charset=utf-8` };
  // The address of an answer is a key to it: it goes to nobody else, and is kept nowhere.
  reply.writeHead(status, { ...headers, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });
  reply.end(what.text ?? what);
}).listen(port, () => console.log(`the desk: http://localhost:${port}/`));
