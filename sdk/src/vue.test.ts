import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createRenderer, defineComponent, nextTick, ref } from "vue";
import { type Opened, useSurvey } from "./vue.ts";

// On a server: frameworks.test.ts; in a page: widget/test/example-vue.spec.ts.

test("another survey or language opens anew, another hidden field does not", async () => {
  const asked: string[] = [];
  const server = createServer(({ url }, reply) => {
    asked.push(url!);
    reply.writeHead(404, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [hidden, language] = [ref("A"), ref("en")];
  const opened: Opened[] = [];
  const Own = defineComponent(() => {
    opened.push(
      useSurvey(() => ({
        host,
        site: "shop",
        survey: "nps",
        language: language.value,
        hidden: { order_id: hidden.value },
      })),
    );
    return () => null;
  });
  const nothing = () => null;
  const node = () => ({}) as object;
  const { createApp } = createRenderer<object, object>({
    patchProp: nothing,
    insert: nothing,
    remove: nothing,
    createElement: node,
    createText: node,
    createComment: node,
    setText: nothing,
    setElementText: nothing,
    parentNode: nothing,
    nextSibling: nothing,
  });
  const app = createApp(Own);
  app.mount({});
  await expect.poll(() => opened[0]!.error.value?.reason).toBe("unknown");
  hidden.value = "B";
  await nextTick();
  expect(opened[0]!.error.value?.reason).toBe("unknown"); // as it was
  language.value = "pl";
  await nextTick();
  expect(opened[0]!.error.value).toBeUndefined();
  await expect.poll(() => opened[0]!.error.value?.reason).toBe("unknown");
  expect(asked).toEqual(["/w/shop.json", "/w/shop.json"]);
  app.unmount();
  await new Promise((resolve) => server.close(resolve));
});
