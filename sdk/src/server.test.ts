import { expect, test } from "vitest";
import { AskwellError, type ClientOptions, createClient } from "./server.ts";

test("what is refused is told, also by a fetch of one's own that leaves the answer's URL out", async () => {
  const problem = {
    type: "urn:askwell:invalid",
    title: "Unprocessable Entity",
    status: 422,
    errors: [{ location: "query.by", message: "no" }],
  };
  const client = createClient({
    host: "https://collector.example",
    site: "shop",
    key: "ask_",
    fetch: async () =>
      new Response(JSON.stringify(problem), { status: 422, headers: { "Content-Type": "application/problem+json" } }),
  });
  const error = await client.scores("nps").catch((error: unknown) => error);
  expect(error).toBeInstanceOf(AskwellError);
  expect(error).toMatchObject({ code: "invalid", status: 422, problems: [{ location: "query.by" }] });
});

test.each([
  ["localhost:8080", "ask_", "invalid", "host", 'not "localhost:8080"'],
  ["feedback.example", "ask_", "invalid", "host", 'not "feedback.example"'],
  ["https://feedback.example?site=shop", "ask_", "invalid", "host", 'not "https://feedback.example?site=shop"'],
  ["", "ask_", "invalid", "host", "not nothing"],
  [undefined, "ask_", "invalid", "host", "not nothing"],
  ["https://feedback.example", "", "no_key", "key", "no API key was given"],
  ["https://feedback.example", undefined, "no_key", "key", "no API key was given"],
])("a client of the host %j and the key %j is refused when it is made: %s", (host, key, code, location, says) => {
  // As from an environment, of which the compiler knows less than it says.
  const options = { host, site: "shop", key } as ClientOptions;
  const error = thrownBy(() => createClient(options));
  expect(error).toBeInstanceOf(AskwellError);
  expect(error).toMatchObject({ code, status: 0, problems: [{ location }] });
  expect((error as AskwellError).message).toContain(says);
});

test("a host may have a path, as behind a proxy, and a slash at its end", async () => {
  const asked: string[] = [];
  for (const host of ["https://shop.example/askwell", "https://shop.example/askwell/", " http://127.0.0.1:8080 "]) {
    const fetch = async ({ url }: Request) => {
      asked.push(url);
      return Response.json({ surveys: [] });
    };
    await createClient({ host, site: "shop", key: "ask_", fetch }).overview();
  }
  expect(asked).toEqual([
    "https://shop.example/askwell/v1/sites/shop/overview",
    "https://shop.example/askwell/v1/sites/shop/overview",
    "http://127.0.0.1:8080/v1/sites/shop/overview",
  ]);
});

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
