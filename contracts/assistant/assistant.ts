/**
 * Talks to a language model for its callers: who runs the worker sees neither what is asked nor what is said.
 *
 * The API key is a sealed secret that the contract only refers to; the enclave puts it into the request. Whoever
 * serves the model reads prompts and answers, but not whose they are.
 *
 * @module
 */
import { Account, ctx, http, Mapping, Request, secrets } from "hermetic/contract";

const MODEL_URL: string = "https://llm.example/v1/chat/completions";
const PROMPT_LENGTH_MAX: i32 = 8_000;
/** Turns of a conversation that are kept and sent along: older ones are forgotten. */
const TURNS_MAX: i32 = 16;

@data
export class Turn {
  constructor(
    public prompt: string,
    public answer: string,
  ) {}
}

/** A prompt has 1 to 8,000 UTF-16 units. */
@error
export class PromptInvalid {}

/** The owner has not set the secret `API_KEY`. */
@error
export class KeyMissing {}

/** `status` is 0 if there was no answer; `reason` says why then. */
@error
export class ModelUnavailable {
  constructor(
    public status: u16,
    public reason: string,
  ) {}
}

/** A private line to a language model. */
@contract
@grant("https://llm.example", {
  methods: ["POST"],
  headers: ["authorization"],
  requestBytes: 1_048_576,
  responseBytes: 1_048_576,
})
export class Assistant {
  owner: Account = Account.zero;
  model: string = "";
  talks!: Mapping<Account, Turn[]>;

  @init
  open(model: string): void {
    this.owner = ctx.caller();
    this.model = model;
  }

  /** Asks one thing. Nothing is kept. */
  @query
  ask(prompt: string): string {
    return complete(this.model, [], prompt);
  }

  /** Goes on with the caller's conversation, and keeps what was said. */
  @command
  say(prompt: string): string {
    const caller = ctx.caller();
    const turns = this.talks.getOr(caller, []);
    const answer = complete(this.model, turns, prompt);
    turns.push(new Turn(prompt, answer));
    if (turns.length > TURNS_MAX) turns.shift();
    this.talks.set(caller, turns);
    return answer;
  }

  /** The caller's own conversation. */
  @query
  conversation(): Turn[] {
    return this.talks.getOr(ctx.caller(), []);
  }

  /** Forgets the caller's conversation. */
  @command
  forget(): void {
    this.talks.delete(ctx.caller());
  }
}

function complete(model: string, turns: Turn[], prompt: string): string {
  if (prompt.length == 0 || prompt.length > PROMPT_LENGTH_MAX) throw new PromptInvalid();
  const key = secrets.ref("API_KEY");
  if (key === null) throw new KeyMissing();
  let messages = "";
  for (let i = 0; i < turns.length; i++) {
    messages +=
      message("user", turns[i].prompt) + "," + message("assistant", turns[i].answer) + ",";
  }
  messages += message("user", prompt);
  const request = new Request("POST", MODEL_URL)
    .header("authorization", "Bearer " + key)
    .header("content-type", "application/json")
    .text('{"model":' + quoted(model) + ',"messages":[' + messages + "]}");
  // Asked once: a model is paid by the word, and answers otherwise when it is asked again.
  const response = http.request(request);
  if (!response.ok) throw new ModelUnavailable(response.status, response.error);
  const content = response.json().at("choices.0.message.content");
  if (!content.isString) throw new ModelUnavailable(response.status, "no-answer");
  return content.asString();
}

function message(role: string, content: string): string {
  return '{"role":"' + role + '","content":' + quoted(content) + "}";
}

/** A text as a JSON string: a prompt cannot end it and write a message of its own. */
function quoted(text: string): string {
  let json = '"';
  let plain = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c) continue;
    const hex = unit.toString(16);
    json += text.substring(plain, i) + "\\u" + "0000".substring(hex.length) + hex;
    plain = i + 1;
  }
  return json + text.substring(plain) + '"';
}
