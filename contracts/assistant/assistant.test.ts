/**
 * The assistant: what the model is asked, who may read it, and that the operator is not among them.
 *
 * @module
 */
import { createWorld } from "hermetic/testing";
import { beforeEach, describe, expect, it } from "vitest";
import assistant from "contract:assistant";

const MODEL_URL = "https://llm.example/v1/chat/completions";
const KEY = "sk-live-8842-canary";

async function open(secrets: Record<string, string> = { API_KEY: KEY }) {
  const world = await createWorld();
  const contract = await world.deploy(assistant, {
    caller: "owner",
    args: { model: "small-1" },
    secrets,
  });
  return { world, contract, ann: contract.as("ann") };
}

const said = (content: unknown) => ({ choices: [{ message: { role: "assistant", content } }] });

describe("Assistant", () => {
  let { world, contract, ann } = {} as Awaited<ReturnType<typeof open>>;

  beforeEach(async () => {
    ({ world, contract, ann } = await open());
  });

  it("asks the model with the key that it never holds", async () => {
    const mock = world.http.post(MODEL_URL).reply(200, said("Rest."));
    expect(await ann.query.ask({ prompt: "I have a cold." })).toBe("Rest.");
    const [request] = mock.requests;
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(request?.json()).toEqual({
      model: "small-1",
      messages: [{ role: "user", content: "I have a cold." }],
    });
  });

  it("keeps nothing that is only asked", async () => {
    world.http.post(MODEL_URL).reply(200, said("Rest."));
    await expect(() => ann.query.ask({ prompt: "I have a cold." })).toChangeNothing();
  });

  it("goes on with a conversation, the caller's own", async () => {
    const mock = world.http.post(MODEL_URL).replyWith((request) => {
      const { messages } = request.json() as { messages: unknown[] };
      return { status: 200, body: said(`answer ${messages.length}`) };
    });
    await ann.command.say({ prompt: "one" });
    await contract.as("bob").command.say({ prompt: "mine" });
    expect((await ann.command.say({ prompt: "two" })).value).toBe("answer 3");
    expect(mock.requests.at(-1)?.json()).toMatchObject({
      messages: [
        { role: "user", content: "one" },
        { role: "assistant", content: "answer 1" },
        { role: "user", content: "two" },
      ],
    });
    expect(await ann.query.conversation()).toEqual([
      { prompt: "one", answer: "answer 1" },
      { prompt: "two", answer: "answer 3" },
    ]);
    expect(await contract.query.conversation()).toEqual([]);
    await ann.command.forget();
    expect(await ann.query.conversation()).toEqual([]);
    expect(await contract.as("bob").query.conversation()).toHaveLength(1);
  });

  it("forgets the oldest turn when there are too many", async () => {
    world.http.post(MODEL_URL).reply(200, said("yes"));
    for (let i = 0; i < 18; i++) await ann.command.say({ prompt: `prompt ${i}` });
    const turns = await ann.query.conversation();
    expect([turns.length, turns[0]?.prompt]).toEqual([16, "prompt 2"]);
  });

  it("takes a long answer whole", async () => {
    const answer = 'confidential \u{1F98A} "quoted" '.repeat(10_000);
    world.http.post(MODEL_URL).reply(200, said(answer));
    expect(await ann.query.ask({ prompt: "Tell me everything." })).toBe(answer);
  });

  it("sends a prompt as one message, whatever is in it", async () => {
    const mock = world.http.post(MODEL_URL).reply(200, said("no"));
    const prompts = ['"}],"model":"large', "\\", "\0\n\r\t\u001F", "\u{1F98A} ÄÖ \u2028", '\\"'];
    for (const prompt of prompts) {
      await ann.query.ask({ prompt });
      expect(mock.requests.at(-1)?.json()).toEqual({
        model: "small-1",
        messages: [{ role: "user", content: prompt }],
      });
    }
  });

  it("tells why there is no answer, and keeps no half of a turn", async () => {
    const ask = () => ann.command.say({ prompt: "?" });
    const mock = () => world.http.post(MODEL_URL).times(1);
    mock().reply(429);
    await expect(ask()).toFailWith("ModelUnavailable", { status: 429, reason: "" });
    mock().fail("timeout");
    await expect(ask()).toFailWith("ModelUnavailable", { status: 0, reason: "timeout" });
    for (const content of [null, 3, ["a"], undefined]) {
      mock().reply(200, said(content));
      await expect(ask()).toFailWith("ModelUnavailable", { reason: "no-answer" });
    }
    mock().reply(200, "x".repeat(1_048_577));
    await expect(ask()).toFailWith("ModelUnavailable", { reason: "too-large" });
    expect(await ann.query.conversation()).toEqual([]);
  });

  it("asks nothing without a prompt, with too long a one, or without a key", async () => {
    for (const prompt of ["", "x".repeat(8_001)]) {
      await expect(ann.query.ask({ prompt })).toFailWith("PromptInvalid");
    }
    const bare = await open({});
    await expect(bare.ann.query.ask({ prompt: "?" })).toFailWith("KeyMissing");
    expect([...world.http.requests, ...bare.world.http.requests]).toEqual([]);
  });

  it("takes the key out of what the API sends back", async () => {
    world.http.post(MODEL_URL).reply(200, said(`your key is ${KEY}`));
    expect(await ann.query.ask({ prompt: "Which key?" })).toBe("your key is [secret]");
  });
});

describe("the operator of an assistant", () => {
  async function run(key: string, prompt: string, answer: string) {
    const { world, ann } = await open({ API_KEY: key });
    world.http.post(MODEL_URL).reply(200, said(answer));
    await ann.query.ask({ prompt });
    await ann.command.say({ prompt });
    await ann.query.conversation();
    return world.operatorView();
  }

  it("sees neither key nor prompt nor answer", async () => {
    const view = await run(KEY, "Is this mole dangerous?", "It looks like a melanoma.");
    for (const secret of [KEY, "Is this mole dangerous?", "melanoma", "/v1/chat"]) {
      expect(view.find(secret)).toBeUndefined();
    }
    expect(view.contains("llm.example")).toBe(true);
  });

  it("cannot tell two conversations of one length apart", async () => {
    const one = await run(KEY, "Is this mole dangerous?", "It looks like a melanoma.");
    const other = await run("sk-live-0000-canary", "How do I quit my job well", "You tell them.");
    const same = await run(
      "sk-live-0000-canary",
      "How do I quit my job???",
      "Go and tell them: so long",
    );
    expect(same.shape()).toEqual(one.shape());
    // Of another length, only the connection to the model differs.
    expect({ ...other.shape(), egress: [] }).toEqual({ ...one.shape(), egress: [] });
  });
});
