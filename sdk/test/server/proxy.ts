import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cleanups } from "../../../widget/test/harness.ts";

/** What may become of a request between a client and the collector. */
export type Fault =
  /** The connection is cut before the request is passed on. */
  | "lost"
  /** The collector has answered, and the connection is cut. */
  | "unanswered"
  /** It is cut in the middle of the answer. */
  | "half"
  /** Nobody answers, ever. */
  | "silent"
  /** Somebody in front of the collector answers. */
  | { status: number; headers?: Record<string, string> }
  /** It is cut behind so many bytes of the answer. */
  | { after: number };

export type FaultyProxy = {
  url: string;
  /** What becomes of the next requests, one by one; those behind them pass. */
  faults: Fault[];
  /** Method, path and body of what the collector was sent. */
  passed: { method: string; path: string; body: string }[];
};

/** A proxy in front of a collector, that misbehaves as it is told. */
export async function startProxy(collector: { url: string }): Promise<FaultyProxy> {
  const server = createServer(async (request, reply) => {
    const fault = proxy.faults.shift();
    let body = "";
    for await (const chunk of request) body += chunk;
    if (fault === "silent") return;
    if (fault === "lost") return void request.socket.destroy();
    if (typeof fault === "object" && "status" in fault) {
      return void reply.writeHead(fault.status, fault.headers).end("<h1>Not now</h1>");
    }
    proxy.passed.push({ method: request.method!, path: request.url!, body });
    pass(request, body, reply, fault);
  });
  const proxy: FaultyProxy = { url: "", faults: [], passed: [] };
  const pass = (request: IncomingMessage, body: string, reply: ServerResponse, fault: Fault | undefined) => {
    const { method, headers } = request;
    const onward = forward(collector.url + request.url, { method, headers, agent: false }, async (answer) => {
      if (fault === "unanswered") {
        for await (const _ of answer); // it has done what it was asked
        return void request.socket.destroy();
      }
      reply.writeHead(answer.statusCode!, answer.headers);
      let left = Number.POSITIVE_INFINITY;
      if (fault === "half") left = Number(answer.headers["content-length"]) / 2;
      if (typeof fault === "object" && "after" in fault) left = fault.after;
      try {
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          const part = chunk.subarray(0, left);
          left -= part.length;
          // Whole parts reach the client before the cut does.
          if (!reply.write(part)) await new Promise((resolve) => reply.once("drain", resolve).once("close", resolve));
          if (left <= 0) return void reply.write("", () => setImmediate(() => request.socket.destroy()));
          if (reply.destroyed) return void onward.destroy();
        }
        reply.end();
      } catch {
        reply.destroy(); // as the collector did
      }
    });
    onward.on("error", () => request.socket.destroy());
    reply.on("close", () => onward.destroy());
    onward.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return proxy;
}
