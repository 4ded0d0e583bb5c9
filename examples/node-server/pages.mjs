import { html, page } from "./html.mjs";

/** What the agents see: their conversations, one of them, and how easy customers found it. */
export const deskPage = (conversations, open, scores, mails) =>
  page(
    "Harbour Desk",
    html`<header><b>Harbour Desk</b> <a href="/outbox">Outbox (${mails})</a></header>
<main class="desk">
<nav>${conversations.map(
      ({ id, customer, subject, agent, asked }) => html`
<a href="/conversations/${id}" ${id === open.id && html`aria-current="page"`}><b>${customer}</b> ${subject}
<small>${agent}${asked && " · closed"}</small></a>`,
    )}
</nav>
<section>
<h1>${open.subject}</h1>
${messages(open)}
${
  open.asked
    ? html`<p class="closed">Closed. ${open.asked === "email" ? html`Asked in <a href="/outbox">a mail</a> to ${open.email}.` : html`Asked in <a href="/chat/${open.id}">the chat</a>.`}</p>`
    : html`<form method="post" action="/conversations/${open.id}/close">
<button name="ask" value="email">Close, and ask by mail</button>
<button name="ask" value="chat" class="quiet">Close, and ask in the chat</button>
<a href="/chat/${open.id}">What ${open.customer} sees</a>
</form>`
}
</section>
<aside>
<h2>How easy was it?</h2>
${scores.length === 0 && html`<p>No answers yet. Close a conversation, and answer as the customer.</p>`}
${scores.map(
  ({ agent, score, n, interval, asked }) => html`
<article aria-label="${agent}"><h3>${agent ?? "(nobody)"}</h3>
<p><b>${score?.toFixed(1) ?? "–"}</b> of 7</p><meter min="1" max="7" value="${score ?? 1}"></meter>
<small>${asked && html`${n} of ${asked.shown} answered`}${interval && html` · 95 % between ${interval.low.toFixed(1)} and ${interval.high.toFixed(1)}`}</small></article>`,
)}
</aside>
</main>`,
  );

const messages = ({ messages, agent }) =>
  html`<ol class="messages">${messages.map(([who, what]) => html`<li class="${who === agent ? "agent" : "customer"}"><small>${who}</small> ${what}</li>`)}</ol>`;

export const outboxPage = (outbox) =>
  page(
    "Outbox",
    html`<header><b>Harbour Desk</b> <a href="/">Conversations</a></header><main class="said"><h1>Outbox</h1>
${outbox.length === 0 ? html`<p>Nothing was sent yet.</p>` : html`<ul>${outbox.map(({ to }, i) => html`<li><a href="/outbox/${i}">How did we do?</a> to ${to}</li>`)}</ul>`}</main>`,
  );

/** What the customer sees. Where the agent asks here, the page shows the survey, with whom and what it is about. */
export const chatPage = ({ id, agent, messages: said, asked }, host, site) =>
  page(
    "Chat with Harbour Supplies",
    html`<header><b>Harbour Supplies</b></header>
<main class="said" data-agent="${agent}" data-conversation="${id}"><h1>You are talking to ${agent}</h1>
${messages({ messages: said, agent })}${asked && html`<p class="closed">${agent} has closed this conversation.</p>`}</main>
${
  asked === "chat" &&
  html`<script async src="${host}/w/${site}.js"></script>
<script>
window.askwell = window.askwell || function () { (askwell.q = askwell.q || []).push(arguments); };
askwell("show", "support-ces", { hidden: { ...document.querySelector("main").dataset } });
</script>`
}`,
  );

/** What a link in the mail opens: the number is chosen, and sent with a tap more, which no program does. */
export const answerPage = ({ agent }, chosen) =>
  page(
    "How easy was it?",
    html`<main class="answer"><form method="post">
<fieldset><legend>How easy was it to get your problem solved?</legend>
<div class="points">${[1, 2, 3, 4, 5, 6, 7].map(
      (points) =>
        html`<label><input type="radio" name="ces" value="${points}" required ${points === chosen && "checked"}><span>${points}</span></label>`,
    )}</div><div class="ends"><span>Very difficult</span><span>Very easy</span></div></fieldset>
<label>What took the most effort? <small>(if you like)</small><textarea name="why" rows="3" maxlength="2000"></textarea></label>
<button>Send to ${agent}</button>
</form></main>`,
  );

export const saidPage = (title, text) => page(title, html`<main class="said"><h1>${title}</h1><p>${text}</p></main>`);
