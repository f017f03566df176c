import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { LiveServer } from "../../src/report/live-server.js";
import { recordOf, smallSubject, startEvent, stepEvent, validationOf } from "./small-account.js";

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

async function ask(url: string, options: { host?: string; method?: string } = {}): Promise<Reply> {
  const { host, method = "GET" } = options;
  const asked = request(url, { method, agent: false, headers: host === undefined ? {} : { host } });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

async function served(): Promise<{ live: LiveServer } & ReturnType<typeof smallSubject>> {
  const subject = smallSubject(["red", "green"]);
  const live = await LiveServer.listen(0);
  onTestFinished(() => live.close("over"));
  live.show(subject);
  subject.account.take(startEvent("runs/small"));
  return { live, ...subject };
}

test("the page is whole when it is opened, however late, and lets nothing else be loaded", async () => {
  const { live, account } = await served();
  for (let step = 1; step <= 3; step++) account.take(stepEvent(1, step, 1 / step));
  account.take({ kind: "epoch", record: recordOf(1), validation: validationOf(2) });
  const { status, headers, text } = await ask(live.url);
  expect(status).toBe(200);
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-security-policy"]).not.toContain("unsafe");
  expect(text).toContain('<table class="matrix few">');
  expect(text).toContain('data-name="validation"');
  expect((await ask(`${live.url}script.js`)).headers["content-type"]).toContain("javascript");
  expect((await ask(`${live.url}style.css`)).headers["content-type"]).toContain("text/css");
});

test("only this machine's own names are answered, and only to read", async () => {
  const { live } = await served();
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"]) {
    expect((await ask(live.url, { host })).status, host).toBe(403);
    expect((await ask(`${live.url}events`, { host })).status, host).toBe(403);
  }
  for (const host of ["localhost", "127.0.0.1:80", "[::1]:8080", "LOCALHOST:9000"]) {
    expect((await ask(live.url, { host })).status, host).toBe(200);
  }
  expect((await ask(live.url, { method: "POST" })).status).toBe(405);
  expect((await ask(`${live.url}../etc/passwd`)).status).toBe(404);
});

test("a port in use is said, with what to do", async () => {
  const { live } = await served();
  const port = Number(new URL(live.url).port);
  await expect(LiveServer.listen(port)).rejects.toMatchObject({
    name: "ReportError",
    message: `the live page cannot have port ${port}: it is in use`,
    help: expect.stringContaining("--ui") as string,
  });
});

test("an open page is sent what changes, and the end", async () => {
  const { live, account } = await served();
  const stream = ask(`${live.url}events`);
  await sleep(700);
  account.take(stepEvent(1, 1, 1.25));
  await sleep(700);
  account.fail("the loss is NaN");
  await live.close("The run has ended.");
  const { text } = await stream;
  expect(text).toMatch(/^event: hello\n/);
  expect(text).toContain("Training, epoch 1 of 3");
  expect(text).toContain("Ended with an error: the loss is NaN");
  expect(text).toMatch(/event: end\ndata: "The run has ended\."\n\n$/);
  // What stays as it is is sent once.
  expect(text.match(/"name":"setup"/g)).toHaveLength(1);
});

test("a reader that takes nothing holds neither the run nor memory", async () => {
  const { live, account } = await served();
  const { port } = new URL(live.url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.pause();
  socket.write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  socket.on("error", () => undefined);
  await sleep(300);
  for (let step = 1; step <= 3; step++) account.take(stepEvent(1, step, 1));
  const began = performance.now();
  await live.close("over");
  expect(performance.now() - began).toBeLessThan(3_000);
  socket.destroy();
});
