import { createServer, request as forward, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Response } from "../../sdk/src/wire.ts";
import { cleanups } from "./harness.ts";

/** "lost": a request reaches the collector, and its reply does not come back; "held": it reaches nobody, and is never answered. */
type State = "up" | "slow" | "cut" | "lost" | "held" | { status: number; retryAfter?: string };

/** The network between pages and the collector, of real sockets, that a spec can cut; a state with a status answers batches in the collector's place. */
export type Network = {
  url: string;
  state: State;
  /** Every batch that was sent, whatever became of it, by the clock of the collector's machine. */
  posts: { at: number; path: string; bytes: number; responses: Response[]; answered: State }[];
};

export async function startNetwork(collector: { url: string }): Promise<Network> {
  const network: Network = { url: "", state: "up", posts: [] };
  const server = createServer(async (request, reply) => {
    const { state } = network;
    const body = await read(request).catch(() => undefined);
    if (!body) return; // the page went away as it was sending
    if (request.method === "POST")
      network.posts.push({ at: Date.now(), path: request.url!, answered: state, ...batch(body) });
    if (state === "held") return;
    // Half a second on its way: a request that its page gave up meanwhile does not arrive.
    if (state === "slow") await new Promise((resolve) => setTimeout(resolve, 500));
    if (state === "cut" || request.socket.destroyed) return void request.socket.destroy();
    if (typeof state === "object" && request.method === "POST") {
      const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After" };
      return void reply
        .writeHead(state.status, state.retryAfter ? { ...headers, "Retry-After": state.retryAfter } : headers)
        .end("{}");
    }
    const { method, headers } = request;
    forward(collector.url + request.url!, { method, headers }, async (answer) => {
      const answered = await read(answer);
      if (state === "lost") request.socket.destroy();
      else reply.writeHead(answer.statusCode!, answer.headers).end(answered);
    })
      .on("error", () => request.socket.destroy())
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  network.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return network;
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function batch(body: Buffer): { bytes: number; responses: Response[] } {
  try {
    return { bytes: body.length, responses: (JSON.parse(`${body}`) as { responses: Response[] }).responses };
  } catch {
    return { bytes: body.length, responses: [] };
  }
}
